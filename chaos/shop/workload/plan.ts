import type { Random } from '#chaos/lib/random.ts'
import { planArrivals } from '#chaos/workload/plan-arrivals.ts'

import type { ShopOperationKind } from '../operation.ts'
import { operations } from '../operations.ts'
import { planRefused } from './plan-refused.ts'
import type { ShopPlanned } from './planned.ts'
import type { HugeOrder, ShopWorkload } from './shop-workload.ts'

const kinds = operations.map(({ kind }) => kind)

/** Every arrival of the workload, in time order. Every key contains `tag`. */
export function planOperations(
  workload: ShopWorkload,
  random: Random,
  tag: string,
): readonly ShopPlanned[] {
  const planned = planArrivals(workload, kinds, random, ({ kind, atMs, number, random: source }) =>
    kind === 'place-order'
      ? planOrder(workload, source, atMs, number, tag)
      : [planRead(workload, source, kind, atMs)],
  )
  const refused = planRefused(workload, planned, random, tag)
  return [...planned, ...refused].toSorted((a, b) => a.atMs - b.atMs)
}

function planOrder(
  workload: ShopWorkload,
  random: Random,
  atMs: number,
  number: number,
  tag: string,
): ShopPlanned[] {
  const { sku, hot } = pickSku(workload, random)
  const quantity = random.integer(1, workload.quantityMax)
  const disputed = isDisputed(workload, number)
  const customer = `${disputed ? 'disputed-' : ''}${customerOf(random.integer(1, 40), number)}`
  const twice = random.next() < workload.duplicateShare
  const otherBody = random.next() < workload.duplicateOtherBodyShare
  const poison = workload.poisonOrders.indexOf(number)
  const huge = workload.hugeOrders.find(({ order }) => order === number)
  const tags = [
    ...(hot ? ['hot'] : []),
    ...(poison === -1 ? [] : ['poison']),
    ...(huge === undefined ? [] : ['huge']),
    ...(huge?.alike ? ['suspicious'] : []),
    ...(disputed ? ['disputed'] : []),
  ]
  const order = {
    kind: 'place-order' as const,
    atMs,
    sku,
    quantity,
    customer,
    key: orderKey(tag, number),
    draw: 0,
    tags: twice ? [...tags, 'duplicate'] : tags,
    ...noteOf(number, poison),
    ...(huge === undefined ? {} : { lines: giftTexts(huge, random.fork(`lines ${number}`)) }),
  }
  if (!twice) return [order]
  if (!otherBody) return [order, order]
  return [order, { ...order, quantity: quantity + 1, tags: [...order.tags, 'other-body'] }]
}

/**
 * The API accepts any text, but the label printer fails on control characters: BEL, ESC, tab, carriage return, DEL, NEL, and
 * then SOH, vertical tab, unit separator, APC.
 */
const poisonCharacters = [
  '\u0007',
  '\u001b',
  '\t',
  '\r',
  '\u007f',
  '\u0085',
  '\u0001',
  '\u000b',
  '\u001f',
  '\u009f',
]
/** The character is in the middle, at the end, or at the beginning of the text. */
const poisonNotes = ['Please ring * twice', 'Please ring twice*', '*Please ring twice']

/** Harmless: the printer prints each of them. */
const ordinaryNotes = ['Second floor, please.', 'Für Zoë 🎂', '生日快乐\nfrom us', 'Ring twice!']
const ordinaryNames = ['Zoë Müller', 'José Ñúñez', '王小明', "Seán O'Brien"]

/**
 * Every fourth order has a note, as in life. So a note alone says nothing about an order. `poison` is the place of the order
 * among the poison orders, or -1.
 */
function noteOf(number: number, poison: number): Pick<ShopPlanned, 'note'> {
  if (poison !== -1) {
    const text = inTurn(poisonNotes, Math.floor(poison / 2))
    return { note: text.replace('*', inTurn(poisonCharacters, poison)) }
  }
  return number % 4 === 1 ? { note: inTurn(ordinaryNotes, Math.floor(number / 4)) } : {}
}

/** Spread evenly. The first order of a share of a third is number 3. */
function isDisputed({ disputedShare: share }: ShopWorkload, number: number): boolean {
  return Math.floor(number * share) > Math.floor((number - 1) * share)
}

/** Every sixth customer has a name with other letters than A to Z. */
function customerOf(drawn: number, number: number): string {
  return number % 6 === 3
    ? inTurn(ordinaryNames, Math.floor(number / 6))
    : `customer-${String(drawn).padStart(2, '0')}`
}

function inTurn(texts: readonly string[], index: number): string {
  return texts[index % texts.length] ?? ''
}

function planRead(
  workload: ShopWorkload,
  random: Random,
  kind: ShopOperationKind,
  atMs: number,
): ShopPlanned {
  const { sku, hot } = pickSku(workload, random)
  const quantity = random.integer(1, workload.quantityMax)
  const customer = 'customer-00'
  return { kind, atMs, sku, quantity, customer, draw: random.next(), tags: hot ? ['hot'] : [] }
}

/** `o-7f-000017`: readable, unique in the run, and sorted by arrival. */
function orderKey(tag: string, number: number): string {
  return `o-${tag}-${String(number).padStart(6, '0')}`
}

function pickSku(workload: ShopWorkload, random: Random): { sku: string; hot: boolean } {
  const total = workload.skus.reduce((sum, { share }) => sum + share, 0)
  let rest = random.next() * total
  const chosen = workload.skus.find(({ share }) => (rest -= share) < 0) ?? workload.skus.at(-1)
  if (chosen === undefined) throw new RangeError('The workload has no product.')
  return { sku: chosen.sku, hot: workload.skus.length > 1 && chosen.share / total >= 0.5 }
}

/** Of similar texts, one in this many is different, usually at the beginning: reading only the first texts misleads. */
const differentOneIn = 25
const letters = 30
const alphabet = 'abcdefghijklmnopqrstuvwxyz'

/** The texts of a huge order, each different, seeded, and as long as a line on a mug. */
function giftTexts(order: HugeOrder, random: Random): readonly string[] {
  const isDifferent = differentIn(order)
  return Array.from({ length: order.lines }, (_, i) =>
    isDifferent(i) ? anyText(random) : `Happy birthday from us, no. ${String(i).padStart(4, '0')}`,
  )
}

function differentIn({
  lines,
  alike,
  different = 'first',
  alikeShare = 0,
}: HugeOrder): (index: number) => boolean {
  // The number of similar texts grows by one whenever this share of the places has grown by one.
  if (!alike) return (i) => Math.floor((i + 1) * alikeShare) === Math.floor(i * alikeShare)
  const few = Math.floor(lines / differentOneIn)
  switch (different) {
    case 'first':
      return (i) => i < few
    case 'last':
      return (i) => i >= lines - few
    case 'spread':
      return (i) => (i + 1) % differentOneIn === 0
  }
}

function anyText(random: Random): string {
  return Array.from({ length: letters }, () => alphabet.charAt(random.integer(0, 25))).join('')
}
