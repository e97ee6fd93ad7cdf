import { join } from 'node:path'

import { launchSandbox } from '#chaos/cli/sandbox/launch.ts'
import { recordedBytesMax, recordedMessagesMax } from '#chaos/contracts/max.ts'
import { homeAt, projectRoot } from '#chaos/home/home.ts'
import { systemClock } from '#chaos/lib/clock.ts'
import { createLinkControl } from '#chaos/proxy/client/link-control.ts'

import type { Bench, BenchOptions } from './lib/bench.ts'
import { ratioOf } from './lib/median-table.ts'
import { cpuSeconds } from './lib/process.ts'
import type { FigureRow } from './lib/rounds.ts'

const home = homeAt(join(projectRoot, '.unhappy', 'bench'))
const roundsDefault = 10
const [without, recorded] = ['not recorded', 'recorded'] as const
const figure = 'CPU of links and controller, ms'
const figureWhile = `${figure}, without reading the recording`
/** A recording may use at most this much more CPU time. */
const mostOfRecording = 1.05
const warmUpMs = 10_000
const windowMs = 8_000
const rates = {
  ordersPerSecond: 20,
  browsePerSecond: 40,
  quotesPerSecond: 8,
  readOrdersPerSecond: 8,
}

/** What it costs links and controller that every run records its flows. Reading the recording is part of it. */
export const flowsBench: Bench = {
  name: 'flows',
  description: 'CPU time of links and controller under load, with and without a recording of flows',
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
  const links = createLinkControl(urls.proxy)
  const used = async (): Promise<number> =>
    1_000 * ((await cpuSeconds(client.file.pid)) + (await cpuSeconds(linksPid)))
  /** How long it took to read the last recording: the traffic went on meanwhile, so the other target lasts as long. */
  let readMs = 0
  const measure = async (isRecorded: boolean): Promise<Record<string, number>> => {
    const fromMs = await used()
    const recording = isRecorded
      ? await links.record({
          expiresInMs: 2 * windowMs,
          messagesMax: recordedMessagesMax,
          bytesMax: recordedBytesMax,
        })
      : undefined
    await systemClock.sleep(windowMs, signal)
    const whileMs = (await used()) - fromMs
    // In a run the controller reads the text and writes it to a file; here this process does it.
    const own = process.cpuUsage()
    const readFromMs = systemClock.now()
    const read = await recording?.read()
    await recording?.[Symbol.asyncDispose]()
    const { user, system } = process.cpuUsage(own)
    if (isRecorded) readMs = systemClock.now() - readFromMs
    else await systemClock.sleep(readMs, signal)
    if (isRecorded && (read?.state.messages ?? 0) === 0)
      throw new Error('The recording has no message, so it cost nothing.')
    const ownMs = isRecorded ? (user + system) / 1_000 : 0
    return { [figure]: (await used()) - fromMs + ownMs, [figureWhile]: whileMs }
  }
  await client.sendTraffic(rates)
  await systemClock.sleep(warmUpMs, signal)
  const rows: FigureRow[] = []
  for (let round = 1; round <= rounds; round++)
    // The sequence alternates, so a slow change of the machine affects both.
    for (const isRecorded of round % 2 === 0 ? [false, true] : [true, false]) {
      const target = isRecorded ? recorded : without
      const measured = await measure(isRecorded)
      for (const [name, value] of Object.entries(measured))
        rows.push({ round, figure: name, target, value })
      progress(`round ${round}/${rounds} ${target}: ${measured[figure]?.toFixed(0)} ms`)
    }
  return rows
}
