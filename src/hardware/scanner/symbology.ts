// Names of symbologies from AIM identifiers (ISO/IEC 15424) and, where a scanner sends none, from
// nothing: the name is then null. Modifiers that change the meaning of the data have their own name.

const byAimId: Record<string, string> = {
  ']E0': 'ean-13', ']E1': 'ean-add-on-2', ']E2': 'ean-add-on-5', ']E3': 'ean-13-add-on', ']E4': 'ean-8',
  ']C1': 'gs1-128', ']d2': 'gs1-data-matrix', ']Q3': 'gs1-qr', ']e0': 'gs1-databar',
  ']J1': 'gs1-dotcode', ']X0': 'other',
}
const byCode: Record<string, string> = {
  A: 'code-39', C: 'code-128', E: 'ean-13', F: 'codabar', G: 'code-93', I: 'itf', L: 'pdf-417',
  Q: 'qr', X: 'other', d: 'data-matrix', e: 'gs1-composite', h: 'han-xin', z: 'aztec', J: 'dotcode',
  U: 'maxicode', H: 'code-11', M: 'msi', S: 'standard-2-of-5', R: 'industrial-2-of-5',
}

export function symbologyOfAimId(aimId: string | null): string | null {
  if (aimId === null) return null
  return byAimId[aimId] ?? byCode[aimId.charAt(1)] ?? null
}
