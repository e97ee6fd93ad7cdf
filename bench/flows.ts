import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { launchSandbox } from '#chaos/cli/sandbox/launch.ts'
import { recordedBytesMax, recordedMessagesMax } from '#chaos/contracts/max.ts'
import { homeAt, projectRoot } from '#chaos/home/home.ts'
import { systemClock } from '#chaos/lib/clock.ts'
import { writeAtomically } from '#chaos/lib/write-atomically.ts'
import { createLinkControl } from '#chaos/proxy/client/link-control.ts'

import type { Bench, BenchOptions } from './lib/bench.ts'
import { measureOpening, openingFigures } from './lib/measure-opening.ts'
import { medianOf, ratioOf } from './lib/median-table.ts'
import { cpuSeconds } from './lib/process.ts'
import type { FigureRow } from './lib/rounds.ts'

const home = homeAt(join(projectRoot, '.unhappy', 'bench'))
const roundsDefault = 10
const [without, recorded] = ['not recorded', 'recorded'] as const
/** For each megabyte that passed: on a busy machine less passes in the same time. */
const cpu = 'CPU of links and controller, ms per MB'
const figure = `${cpu}, with the end of the run`
const figureWhile = `${cpu}, while it runs`
/** A recording may use at most this much more CPU time. */
const mostOfRecording = 1.05
/** The first diagram of a run with 200 orders. */
const opensWithinMs = 1_000
const warmUpMs = 10_000
const windowMs = 8_000
const rates = {
  ordersPerSecond: 20,
  browsePerSecond: 40,
  quotesPerSecond: 8,
  readOrdersPerSecond: 8,
}

/**
 * What it costs that every run records its flows: a user pays for the recording and for the file that the run keeps. Opening a
 * diagram is measured apart.
 */
export const flowsBench: Bench = {
  name: 'flows',
  description: 'CPU time of a recording of flows, its end included; time to open a diagram',
  base: without,
  goals: [
    {
      text: `${figure}, ${recorded} : ${without}`,
      value: (rows) => ratioOf(rows, figure, recorded, without),
      atMost: mostOfRecording,
    },
    {
      text: `${figureWhile}, ${recorded} : ${without}`,
      value: (rows) => ratioOf(rows, figureWhile, recorded, without),
      atMost: mostOfRecording,
    },
    {
      text: openingFigures.first,
      value: (rows) => medianOf(rows, openingFigures.first, recorded),
      atMost: opensWithinMs,
    },
  ],
  measure: measureFlows,
}

async function measureFlows(options: BenchOptions): Promise<readonly FigureRow[]> {
  const { rounds = roundsDefault, progress, signal } = options
  await using sandbox = await launchSandbox(
    { home, slot: undefined, clock: systemClock, signal },
    { ephemeral: true, detached: false, onProgress: () => undefined },
  )
  const { client } = sandbox
  const { instances, urls } = await client.sandbox()
  const linksPid = instances.find(({ name }) => name === 'links')?.pid
  if (linksPid === undefined) throw new Error('The process of the links is not known.')
  const used = async (): Promise<number> =>
    1_000 * ((await cpuSeconds(client.file.pid)) + (await cpuSeconds(linksPid)))
  const rows: FigureRow[] = []
  await using measure = await createMeasure(urls.proxy, used, signal)
  await client.sendTraffic(rates)
  await systemClock.sleep(warmUpMs, signal)
  for (let round = 1; round <= rounds; round++)
    // The sequence alternates, so a slow change of the machine affects both.
    for (const isRecorded of round % 2 === 0 ? [false, true] : [true, false]) {
      const target = isRecorded ? recorded : without
      const measured = await measure.once(isRecorded)
      for (const [name, value] of Object.entries(measured))
        rows.push({ round, figure: name, target, value })
      progress(`round ${round}/${rounds} ${target}: ${measured[figure]?.toFixed(1)} ms per MB`)
    }
  await client.stopTraffic()
  for (const [name, value] of Object.entries(await measureOpening(client, home.runs, used))) {
    rows.push({ round: 1, figure: name, target: recorded, value })
    progress(`${name}: ${value.toFixed(2)}`)
  }
  return rows
}

/** Measures one time with the same load, with a recording or without one. */
async function createMeasure(
  proxy: string,
  used: () => Promise<number>,
  signal: AbortSignal,
): Promise<AsyncDisposable & { once(isRecorded: boolean): Promise<Record<string, number>> }> {
  const folder = await mkdtemp(join(tmpdir(), 'unhappy-bench-'))
  const links = createLinkControl(proxy)
  const megabytes = async (): Promise<number> =>
    (await links.list()).reduce((sum, link) => sum + link.bytesUpstream + link.bytesDownstream, 0) /
    1e6
  /** How long the end took: the traffic went on meanwhile, so the other target lasts as long. */
  let endMs = 0
  return {
    once: async (isRecorded) => {
      const [fromMs, fromMegabytes] = [await used(), await megabytes()]
      const recording = isRecorded
        ? await links.record({
            expiresInMs: 10 * windowMs,
            messagesMax: recordedMessagesMax,
            bytesMax: recordedBytesMax,
          })
        : undefined
      await systemClock.sleep(windowMs, signal)
      const whileMs = (await used()) - fromMs
      const whileMegabytes = (await megabytes()) - fromMegabytes
      // In a run the controller reads the bytes and writes them to a file; here this process does it.
      const own = process.cpuUsage()
      const endFromMs = systemClock.now()
      const traffic = await recording?.traffic()
      if (traffic !== undefined) await writeAtomically(join(folder, 'traffic.bin'), traffic.blocks)
      await recording?.[Symbol.asyncDispose]()
      const { user, system } = process.cpuUsage(own)
      if (isRecorded) endMs = systemClock.now() - endFromMs
      else await systemClock.sleep(endMs, signal)
      if (isRecorded && traffic?.blocks.every(({ length }) => length === 0) !== false)
        throw new Error('The recording has no byte, so it cost nothing.')
      const ownMs = isRecorded ? (user + system) / 1_000 : 0
      const [allMs, allMegabytes] = [await used(), await megabytes()]
      return {
        [figure]: (allMs - fromMs + ownMs) / (allMegabytes - fromMegabytes),
        [figureWhile]: whileMs / whileMegabytes,
      }
    },
    [Symbol.asyncDispose]: async () => await rm(folder, { recursive: true }),
  }
}
