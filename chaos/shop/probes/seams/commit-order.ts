import type { Breach } from '#chaos/contracts/probe-report.ts'
import type { CommitOrder } from '#services/api/seams.ts'

import { endInWords, firstOf } from '../contract-probe.ts'
import type { CallEnd, ProbeTools, SeamContract } from '../contract-probe.ts'
import { ReplicatedCommits } from '../fakes/replicated-commits.ts'
import type { Placing, StandbyState } from '../fakes/replicated-commits.ts'

const hasOrder = 'When a customer receives the 201, the replica has the order.'
const notSeen = 'Until the replica has the order, no worker and no other customer sees it.'
const placed = 'While the replica confirms, orders are placed.'
const fails =
  'While the replica confirms nothing, an order fails within two seconds, and never with a 201.'
const onlyOrders =
  'Only the transaction of the order waits for the replica: prices, payments and reads do not.'
const newPrimary = 'After a failover, the new primary has no replica, and orders wait for none.'
const without = 'Without a replica, orders wait for nothing.'

/** As the README says. */
const failMaxMs = 2_000
/** Generous: none of it waits for a replica. */
const otherMaxMs = 500
const tripsMs = [8, 60, 250, 450]
const silences = ['silent', 'gone'] as const

const inPlain = {
  streams: 'confirms',
  silent: 'is connected and confirms nothing',
  gone: 'has no connection',
} as const satisfies Record<StandbyState, string>

type Tools = ProbeTools<CommitOrder>
type End = CallEnd<Placing>

export const commitOrderContract: SeamContract<CommitOrder> = {
  lab: 'failover',
  time: 'jumping',
  probes: [
    {
      name: 'the replica confirms, sooner or later',
      promise: hasOrder,
      run: async (tools) =>
        await firstOf(
          [...tripsMs, 800, 1_500],
          async (tripMs) => await confirmedLate(tools, tripMs),
        ),
    },
    {
      name: 'the replica stops confirming',
      promise: hasOrder,
      run: async (tools) =>
        await firstOf(silences, async (state) => await stops(tools, state, wrongly201)),
    },
    {
      name: 'an order is visible as soon as it is committed',
      promise: notSeen,
      run: async (tools) =>
        await firstOf(['streams', ...silences] as const, async (state) => await seen(tools, state)),
    },
    {
      name: 'the replica confirms after 8 to 450 ms',
      promise: placed,
      run: async (tools) => await firstOf(tripsMs, async (tripMs) => await places(tools, tripMs)),
    },
    {
      name: 'the replica stops, and confirms again later',
      promise: placed,
      run: placesAgain,
    },
    {
      name: 'how long an order takes to fail',
      promise: fails,
      run: async (tools) =>
        await firstOf(silences, async (state) => await stops(tools, state, tooLate)),
    },
    {
      name: 'eight orders at once while the replica is silent',
      promise: fails,
      run: eightAtOnce,
    },
    {
      name: 'another transaction on the connection of an order',
      promise: onlyOrders,
      run: async (tools) =>
        await firstOf(silences, async (state) => await writesElsewhere(tools, state)),
    },
    { name: 'the replica has become the primary', promise: newPrimary, run: afterFailover },
    { name: 'there is no replica', promise: without, run: noReplica },
  ],
}

const wrongly201 = (end: End, when: string): Breach | undefined => {
  if (end.how !== 'returned' || end.value.isDurable) return undefined
  return {
    expected: `no 201 ${when}: the replica does not have the order`,
    actual: `a 201 after ${Math.round(end.afterMs)} ms`,
  }
}

const tooLate = (end: End, when: string): Breach | undefined => {
  const expected = `an error within ${failMaxMs} ms ${when}`
  if (end.how === 'returned') return wrongly201(end, when)
  if (end.how === 'threw' && end.afterMs <= failMaxMs) return undefined
  const actual = end.how === 'never' ? endInWords(end) : `after ${Math.round(end.afterMs)} ms`
  return { expected, actual }
}

const notPlaced = (end: CallEnd<unknown>, when: string): Breach | undefined =>
  end.how === 'returned' ? undefined : { expected: `a 201 ${when}`, actual: endInWords(end) }

async function confirmedLate(tools: Tools, tripMs: number): Promise<Breach | undefined> {
  const shop = await ReplicatedCommits.open(tools)
  shop.tripMs = tripMs
  const placer = await shop.openPlacer()
  const when = `while the replica confirms after ${tripMs} ms`
  return await firstOf(['o-1', 'o-2'], async (id) => wrongly201(await placer.place(id), when))
}

/** The first order is confirmed. */
async function stops(
  tools: Tools,
  state: StandbyState,
  judge: (end: End, when: string) => Breach | undefined,
): Promise<Breach | undefined> {
  const shop = await ReplicatedCommits.open(tools)
  const placer = await shop.openPlacer()
  await placer.place('o-1')
  await shop.setStandby(state)
  const when = `while the replica ${inPlain[state]}`
  return await firstOf(['o-2', 'o-3'], async (id) => judge(await placer.place(id), when))
}

async function seen(tools: Tools, state: StandbyState): Promise<Breach | undefined> {
  const shop = await ReplicatedCommits.open(tools, state)
  shop.tripMs = 60
  const placer = await shop.openPlacer()
  await placer.place('o-1')
  if (shop.seenTooEarly === undefined) return undefined
  return {
    expected: `order o-1 is invisible while the replica does not have it (it ${inPlain[state]})`,
    actual: 'it was committed first: a worker can charge it, and a failover takes it away',
  }
}

async function places(tools: Tools, tripMs: number): Promise<Breach | undefined> {
  const shop = await ReplicatedCommits.open(tools)
  shop.tripMs = tripMs
  const placer = await shop.openPlacer()
  const when = `while the replica confirms after ${tripMs} ms`
  return await firstOf(['o-1', 'o-2', 'o-3'], async (id) => notPlaced(await placer.place(id), when))
}

async function placesAgain(tools: Tools): Promise<Breach | undefined> {
  return await firstOf(silences, async (state) => {
    const shop = await ReplicatedCommits.open(tools)
    const placer = await shop.openPlacer()
    await shop.setStandby(state)
    await placer.place('o-1')
    await shop.setStandby('streams')
    // Generous: code may try again only after a while.
    await tools.pass(10_000)
    await placer.place('o-2')
    return notPlaced(await placer.place('o-3'), 'after the replica has come back')
  })
}

async function eightAtOnce(tools: Tools): Promise<Breach | undefined> {
  const shop = await ReplicatedCommits.open(tools, 'silent')
  const placer = await shop.openPlacer()
  const ids = Array.from({ length: 8 }, (_, i) => `o-${i}`)
  const ends = await placer.placeAll(ids)
  return await firstOf(ends, async (end) => tooLate(end, 'with eight orders at once'))
}

async function writesElsewhere(tools: Tools, state: StandbyState): Promise<Breach | undefined> {
  const shop = await ReplicatedCommits.open(tools)
  const placer = await shop.openPlacer()
  for (const id of ['o-1', 'o-2']) {
    await placer.place(id)
    await shop.setStandby(state)
    const end = await placer.writeElsewhere()
    if (end.how !== 'returned' || end.afterMs > otherMaxMs)
      return {
        expected: `a new price within ${otherMaxMs} ms while the replica ${inPlain[state]}`,
        actual: end.how === 'returned' ? `after ${Math.round(end.afterMs)} ms` : endInWords(end),
      }
  }
  return undefined
}

async function afterFailover(tools: Tools): Promise<Breach | undefined> {
  const shop = await ReplicatedCommits.open(tools)
  const before = await shop.openPlacer()
  await before.place('o-1')
  await shop.failOver()
  const placer = await shop.openPlacer()
  return await firstOf(['o-2', 'o-3'], async (id) =>
    notPlaced(await placer.place(id), 'at the new primary'),
  )
}

async function noReplica(tools: Tools): Promise<Breach | undefined> {
  const shop = await ReplicatedCommits.open(tools, 'gone')
  const placer = await shop.openPlacer({ hasReplica: false })
  const end = await placer.place('o-1')
  const breach = notPlaced(end, 'without a replica')
  if (breach !== undefined || end.how !== 'returned' || end.afterMs <= otherMaxMs) return breach
  return {
    expected: `a 201 within ${otherMaxMs} ms without a replica`,
    actual: `after ${Math.round(end.afterMs)} ms`,
  }
}
