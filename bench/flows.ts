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
import { differenceOf, medianOf } from './lib/median-table.ts'
import { cpuSeconds } from './lib/process.ts'
import type { FigureRow } from './lib/rounds.ts'

const home = homeAt(join(projectRoot, '.unhappy', 'bench'))
const roundsDefault = 14
const [without, recorded] = ['not recorded', 'recorded'] as const
/** For each megabyte that passed: on a busy machine less passes in the same time. */
const figures = {
  links: 'CPU of the links, ms per MB',
  controller: 'CPU of the controller, ms per MB',
  end: 'CPU of the end of a recording, ms per MB',
}
/** A recording may use at most this much more CPU time of links and controller. */
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
 * diagram is measured apart. While a recording runs, only the links work for it, so only theirs is compared: the controller's CPU
 * time varies by more than a recording costs. It counts in what the cost is a share of.
 */
export const flowsBench: Bench = {
  name: 'flows',
  description: 'CPU time of a recording of flows, its end included; time to open a diagram',
  base: without,
  goals: [
    {
      text: `CPU of links and controller, ${recorded} : ${without}`,
      value: (rows) => costOf(rows),
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

/** What the links use more, and the end of the recording, as a share of what both use without it. */
function costOf(rows: readonly FigureRow[]): number {
  const both = medianOf(rows, figures.links, without) + medianOf(rows, figures.controller, without)
  const more = differenceOf(rows, figures.links, recorded, without)
  return 1 + (more + medianOf(rows, figures.end, recorded)) / both
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
  const used: Used = {
    links: async () => 1_000 * (await cpuSeconds(linksPid)),
    controller: async () => 1_000 * (await cpuSeconds(client.file.pid)),
  }
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
      progress(
        `round ${round}/${rounds} ${target}: ${measured[figures.links]?.toFixed(1)} ms of the links per MB`,
      )
    }
  await client.stopTraffic()
  const usedByBoth = async (): Promise<number> => (await used.links()) + (await used.controller())
  for (const [name, value] of Object.entries(await measureOpening(client, home.runs, usedByBoth))) {
    rows.push({ round: 1, figure: name, target: recorded, value })
    progress(`${name}: ${value.toFixed(2)}`)
  }
  return rows
}

/** The CPU time of each process so far, in milliseconds. */
type Used = Readonly<Record<'links' | 'controller', () => Promise<number>>>

/** Measures one time with the same load, with a recording or without one. */
async function createMeasure(
  proxy: string,
  used: Used,
  signal: AbortSignal,
): Promise<AsyncDisposable & { once(isRecorded: boolean): Promise<Record<string, number>> }> {
  const folder = await mkdtemp(join(tmpdir(), 'unhappy-bench-'))
  const links = createLinkControl(proxy)
  const megabytes = async (): Promise<number> =>
    (await links.list()).reduce((sum, link) => sum + link.bytesUpstream + link.bytesDownstream, 0) /
    1e6
  return {
    once: async (isRecorded) => {
      const [linksFromMs, controllerFromMs] = [await used.links(), await used.controller()]
      const fromMegabytes = await megabytes()
      const recording = isRecorded
        ? await links.record({
            expiresInMs: 10 * windowMs,
            messagesMax: recordedMessagesMax,
            bytesMax: recordedBytesMax,
          })
        : undefined
      await systemClock.sleep(windowMs, signal)
      const [linksMs, controllerMs] = [await used.links(), await used.controller()]
      const passed = (await megabytes()) - fromMegabytes
      const running = {
        [figures.links]: (linksMs - linksFromMs) / passed,
        [figures.controller]: (controllerMs - controllerFromMs) / passed,
      }
      if (recording === undefined) return running
      // In a run the controller reads the bytes and writes them to a file; here this process does it.
      const own = process.cpuUsage()
      const endFromMs = await used.links()
      const traffic = await recording.traffic()
      await writeAtomically(join(folder, 'traffic.bin'), traffic.blocks)
      await recording[Symbol.asyncDispose]()
      const { user, system } = process.cpuUsage(own)
      // The traffic goes on meanwhile: the links' part of it counts here too.
      const endMs = (await used.links()) - endFromMs + (user + system) / 1_000
      if (traffic.blocks.every(({ length }) => length === 0))
        throw new Error('The recording has no byte, so it cost nothing.')
      return { ...running, [figures.end]: endMs / passed }
    },
    [Symbol.asyncDispose]: async () => await rm(folder, { recursive: true }),
  }
}
