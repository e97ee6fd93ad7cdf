import { readFileSync } from 'node:fs'
import path from 'node:path'

import type { FlowRecord } from '#chaos/contracts/flow-record.ts'
import { drawFlow, drawHeads } from '#chaos/report/flow-diagram/flow-diagram-svg.ts'
import { layOutFlow } from '#chaos/report/flow-diagram/lay-out-flow.ts'

import { cellIdOf, cellOf, viewCell } from './cells.ts'
import { flowOfOrder } from './flow-of-order.ts'
import { labelTimes, momentsOf } from './moments.ts'
import type { Recording } from './recording.ts'
import { runSection } from './run-section.ts'
import { compareSection, followSection, startSection, xraySection } from './sections.ts'
import { faults, followed, predicted, versions } from './versions.ts'

/** The explorable page: one file that needs no server and loads nothing. Recordings are in the sequence of `versions`. */
export function explorePage(recordings: readonly Recording[]): string {
  const [start] = recordings
  if (start === undefined) throw new Error('There is no recording of the starting version.')
  const flow = flowOf(start, cellIdOf(start, followed))
  const drawn = withoutHoldings(flow)
  const data = {
    files: versions.map(({ file }) => file),
    orders: start.run.orders,
    moments: momentsOf(flow, drawn),
    labels: labelTimes(flow, drawn),
    sent: flow.messages.map(({ sentMs }) => sentMs),
    faults: faults.map(({ what }) => what),
    cells: start.xray.cells.map(({ id }) => viewCell(start, id)),
    predicted: predicted.map((one) => cellIdOf(start, one)),
    compared: recordings.map((recording) =>
      faults.map((fault) => viewCell(recording, cellIdOf(recording, fault))),
    ),
  }
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>Unhappy Path: every way to lose one message</title>
<style>
${read('explore-style.css')}</style>
</head>
<body>
<main>
${runSection(start)}
${followSection(diagram(drawn))}
${xraySection(start)}
${compareSection(recordings)}
${startSection(recordings)}
</main>
${templates(recordings)}
<script type="application/json" id="data">${json(data)}</script>
<script>
${read('explore-script.js')}</script>
</body>
</html>
`
}

/** One diagram for each cell of the page, drawn when the user opens it. */
function templates(recordings: readonly Recording[]): string {
  return recordings
    .flatMap((recording, i) => {
      const shown = i === 0 ? [...predicted, ...faults] : faults
      const ids = new Set(shown.map((one) => cellIdOf(recording, one)))
      return [...ids].map((id) => {
        const drawn = diagram(withoutHoldings(flowOf(recording, id)))
        return `<template id="${versions[i]?.file ?? ''}/${id}">${drawn}</template>`
      })
    })
    .join('\n')
}

/** The names of the lines stay visible while the diagram scrolls under them. */
function diagram(flow: FlowRecord): string {
  const layout = layOutFlow(flow)
  return `<div class="heads" aria-hidden="true">${drawHeads(layout)}</div>${drawFlow(layout)}`
}

function flowOf(recording: Recording, id: string): FlowRecord {
  const { history, result } = cellOf(recording, id)
  if (history === undefined) throw new Error(`The recording of ${id} has no history.`)
  return flowOfOrder({
    title: `One order: ${viewCell(recording, id).title}`,
    history,
    known: new Set(recording.xray.known),
    isLost: result === 'lost',
  })
}

/** The page shows what the sources hold beside the slider, so the diagram has more space for the messages. */
function withoutHoldings(flow: FlowRecord): FlowRecord {
  return { ...flow, holdings: [] }
}

/** In a script element, only "<" can end the script. */
function json(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', String.raw`\u003c`)
}

function read(file: string): string {
  return readFileSync(path.join(import.meta.dirname, file), 'utf8')
}
