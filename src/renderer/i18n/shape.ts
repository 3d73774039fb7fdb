// The English catalogue is the list of keys; every other language must have the same ones. Plural
// forms a language does not have (`_one` in Chinese) may be left out.

export type Shape<T> = {
  [K in keyof T as K extends `${string}_one` ? never : K]:
    T[K] extends string ? string : Shape<T[K]>
}
