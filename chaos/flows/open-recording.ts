import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import type { RecordingHead } from '#chaos/contracts/flow-record.ts'
import { recordedBytesMax, recordedMessagesMax } from '#chaos/contracts/max.ts'
import { findMessages } from '#chaos/proxy/recording/find-messages.ts'

import { type FlowRecording, parseRecording } from './recorded-run.ts'

const limits = { messagesMax: recordedMessagesMax, bytesMax: recordedBytesMax }

interface OpenRecording extends Pick<FlowRecording, 'head'> {
  /** Finds the messages of these flows; absent: of every flow. */
  messagesOf(flows?: readonly string[]): Promise<FlowRecording>
}

/**
 * Opens the recording in the folder of a run: `traffic.bin` has what passed on the links, `exchanges.jsonl` of an earlier version
 * has the messages. Undefined: there is none that is whole.
 */
export async function openRecording(
  folder: string,
  suffix: string,
): Promise<OpenRecording | undefined> {
  const file = await readFile(join(folder, `traffic${suffix}.bin`)).catch(() => undefined)
  const traffic = file === undefined ? undefined : openTraffic(file)
  if (traffic !== undefined) return traffic
  const text = await readFile(join(folder, `exchanges${suffix}.jsonl`), 'utf8').catch(() => '')
  const recording = parseRecording(text)
  return recording === undefined
    ? undefined
    : { head: recording.head, messagesOf: async () => recording }
}

function openTraffic(file: Buffer): OpenRecording | undefined {
  const end = file.indexOf('\n') + 1
  const head = headOf(file.toString('utf8', 0, end))
  const records = file.subarray(end)
  if (head === undefined || records.length !== head.bytes) return undefined
  return {
    head,
    messagesOf: async (flows) => {
      const { messages, missed, fullMs } = await findMessages(records, limits, flows)
      const firstMs = head.fullMs ?? fullMs
      return {
        head: {
          ...head,
          missed: head.missed + missed,
          ...(firstMs === undefined ? {} : { fullMs: firstMs }),
        },
        messages,
      }
    },
  }
}

function headOf(line: string): RecordingHead | undefined {
  try {
    const head = JSON.parse(line) as Partial<RecordingHead>
    return head.type === 'traffic' && head.v === 1 ? (head as RecordingHead) : undefined
  } catch {
    return undefined
  }
}
