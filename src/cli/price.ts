// `onecounter price < basket.json`: prices a basket with the same engine as the till and prints the
// result with an explanation of every cent. Exit code 1: the input is not valid; 2: refused.
import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import type { Basket, PricedBasket, PricingContext } from '#domain/basket.ts'
import { decimalString, unitPriceString } from '#domain/money.ts'
import { loadOffers } from '#domain/offer/offer-index.ts'
import type { OfferFault } from '#domain/offer/offer-index.ts'
import { priceBasket } from '#domain/price-basket.ts'
import { PricingRefusal } from '#domain/pricing-refusal.ts'
import { quantityString } from '#domain/quantity.ts'
import { noCircumstances, priceInput, priceInputSchema } from './price-input.ts'
import type { PriceInput } from './price-input.ts'

export type PriceResult = { priced: PricedBasket; offerFaults: OfferFault[] }

/** Prices a validated input; faulty offers are left out and reported. */
export const priceOf = (input: PriceInput): PriceResult => {
  const basket: Basket = {
    basketId: input.basket.basketId,
    lines: input.basket.lines.map((line) =>
      ({ ...line, listPriceMicro: line.listPriceMicro ?? line.unitPriceMicro })),
  }
  if (input.offers === undefined) {
    return { priced: priceBasket(basket, input.context), offerFaults: [] }
  }
  const { index, faults } = loadOffers(input.offers, input.tags)
  const now = input.circumstances ?? noCircumstances
  return {
    priced: priceBasket(basket, { ...input.context, offers: { index, now } }), offerFaults: faults,
  }
}

/** The explanation for people, line by line. */
export const describe = (priced: PricedBasket, context: PricingContext): string => {
  const digits = context.currency.minorDigits
  const money = (amountMinor: number): string => decimalString(amountMinor, digits)
  const text: string[] = []
  for (const line of priced.lines) {
    text.push(`${line.lineId}  ${money(line.totalMinor)}`)
    for (const step of line.explanation) {
      switch (step.step) {
        case 'list-price':
          text.push(`    list price ${unitPriceString(step.unitPriceMicro, digits)}`)
          break
        case 'override':
          text.push(`    price by hand ${unitPriceString(step.toMicro, digits)} `
            + `(${step.reasonCode})`)
          break
        case 'extend':
          text.push(`    × ${quantityString(step.quantityMilli)} = ${money(step.amountMinor)}`)
          break
        case 'line-discount':
          text.push(`    discount by hand -${money(step.amountMinor)} `
            + `(${step.discount.reasonCode})`)
          break
        case 'offer':
          text.push(`    offer ${step.name.en || step.offerId} on `
            + `${quantityString(step.quantityMilli)}: -${money(step.amountMinor)}`)
          break
        case 'tax':
          text.push(`    ${step.included ? 'contains' : 'plus'} ${step.taxId} `
            + `${money(step.amountMinor)} of ${money(step.baseMinor)}`)
      }
    }
  }
  const { totals } = priced
  text.push(`net ${money(totals.netMinor)}  tax ${money(totals.taxMinor)}  `
    + `saved ${money(totals.savedMinor)}  `
    + `total ${money(totals.totalMinor)} ${context.currency.code}`)
  for (const hint of priced.offers?.hints ?? []) {
    const missing = hint.missing.kind === 'units'
      ? `${hint.missing.units} more` : `${money(hint.missing.amountMinor)} more`
    text.push(`for ${hint.name.en || hint.offerId}: ${missing}`)
  }
  return text.join('\n')
}

const fail = (message: string, exitCode: number): void => {
  console.error(message)
  process.exitCode = exitCode
}

const readInput = (file: string | undefined): PriceInput | null => {
  let json: unknown
  try {
    json = JSON.parse(readFileSync(file ?? process.stdin.fd, 'utf8'))
  } catch (error) {
    const reason = error instanceof Error ? error.message : ''
    fail(`onecounter price: the input is no JSON: ${reason}`, 1)
    return null
  }
  const parsed = priceInput.safeParse(json)
  if (parsed.success) return parsed.data
  const issues = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`)
  fail(['onecounter price: the input is not valid:', ...issues].join('\n'), 1)
  return null
}

export const register = (program: Command): void => {
  program
    .command('price')
    .description('price a basket (JSON on stdin) and explain every cent')
    .argument('[file]', 'read this file instead of stdin')
    .option('--text', 'print the explanation for people instead of JSON', false)
    .option('--schema', 'print the JSON Schema of the input', false)
    .action((file: string | undefined, options: { text: boolean; schema: boolean }) => {
      if (options.schema) {
        console.log(JSON.stringify(priceInputSchema(), null, 2))
        return
      }
      const input = readInput(file)
      if (input === null) return
      try {
        const { priced, offerFaults } = priceOf(input)
        console.log(options.text
          ? describe(priced, input.context) : JSON.stringify({ ...priced, offerFaults }, null, 2))
        for (const fault of options.text ? offerFaults : []) {
          console.error(`offer ${fault.offerId} left out: ${fault.field} must be ${fault.expected}`)
        }
      } catch (error) {
        if (!(error instanceof PricingRefusal)) throw error
        fail(JSON.stringify({ refusal: error.code, details: error.details }), 2)
      }
    })
}
