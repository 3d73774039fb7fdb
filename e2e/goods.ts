// Goods of the demo store that the flows use, with the prices on their labels, in cents.
export const water = {
  code: '1010', barcode: '6971842001484', zh: '清泉矿泉水 550ml',
  en: 'Clear Spring mineral water 550 ml', cents: 200,
}
export const oolong = {
  code: '1040', barcode: '6971842002597', zh: '绿野乌龙茶 无糖 500ml',
  en: 'Green Field oolong tea, no sugar, 500 ml', cents: 450,
}
export const cola = {
  code: '1050', barcode: '6971842002962', zh: '冰山可乐 330ml',
  en: 'Iceberg cola 330 ml', cents: 250,
}
export const milk = {
  code: '1170', barcode: '6971842007400', zh: '牧场纯牛奶 1L',
  en: 'Pasture whole milk 1 L', cents: 1290,
}
export const chocolate = {
  code: '1300', barcode: '6971842012213', zh: '牛奶巧克力 80g',
  en: 'Milk chocolate 80 g', cents: 1280,
}
export const rice = {
  code: '1420', barcode: '6971842016655', zh: '东北长粒香米 10kg',
  en: 'Long-grain rice 10 kg', cents: 7590,
}
export const oil = {
  code: '1470', barcode: '6971842018505', zh: '压榨花生油 5L',
  en: 'Peanut oil 5 L', cents: 12_990,
}
export const umbrella = {
  code: '1940', barcode: '6971842034048', zh: '折叠雨伞',
  en: 'Folding umbrella', cents: 3990,
}
export const newspaper = {
  code: '2990', barcode: '69012341', zh: '城市晚报',
  en: 'City Evening News', cents: 200,
}
export const bag = { code: 'BAG-M', zh: '购物袋（中）', en: 'Carrier bag, medium', cents: 50 }
/** By the kilogram. */
export const apples = { code: 'F001', zh: '红富士苹果', cents: 1196 }
export const toast = { code: 'B017', zh: '原味吐司', en: 'White toast loaf', cents: 1280 }

/** Well formed, with a right check digit, and in no catalogue. */
export const unknownBarcodes = [
  '6901234567892', '4006381333931', '5012345678900', '9780306406157', '8801234567893',
]
/** Its last digit should be 2. */
export const misread = '6901234567893'

export const operators = {
  cashier: { number: '101', pin: '1111', name: '李娜' },
  associate: { number: '201', pin: '2222', name: '王强' },
  manager: { number: '301', pin: '3333', name: '陈静' },
} as const
export type Person = { number: string; pin: string; name: string }
