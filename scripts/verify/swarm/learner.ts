import type { LabCode, LabView } from '#chaos/contracts/api.ts'

import { seatsHost } from './deploy-class.ts'
import type { Answer, Machines, Question } from './start-machines.ts'

const lab = 'lab-zero'
const seam = 'read-product'

/** What a learner of one seat does, in the way of a browser: through the proxy of one machine, with a session. */
export interface Learner {
  /** Starts lab zero, predicts its outcome with this confidence in percent, and saves `text` as the code. */
  work(text: string, confidence: number): Promise<void>
  /** The saved code, and the prediction. */
  workSoFar(): Promise<{ readonly text: string; readonly confidence: number | undefined }>
  /** The beginning of the stream of events. */
  events(): Promise<string>
}

/** Opens the page of a seat with a key. Undefined: the seat refuses the key. Rejects if the seat does not answer. */
export async function openSeat(
  machines: Machines,
  { machine, seat, key }: { readonly machine: number; readonly seat: number; readonly key: string },
): Promise<Learner | undefined> {
  const ask = async ({ path, headers, ...rest }: Question): Promise<Answer> =>
    await machines.ask(machine, {
      ...rest,
      path: `/seats/${seat}${path}`,
      headers: { host: seatsHost, ...headers },
    })
  const opened = await ask({ path: `/?secret=${key}` })
  if (opened.status === 401) return undefined
  const [cookie = ''] = [opened.headers['set-cookie'] ?? ''].flat()
  const pageKey = String(opened.headers['location']).split('#key=')[1]
  if (opened.status !== 303 || pageKey === undefined || cookie === '')
    throw new Error(`Seat ${seat} answers ${opened.status} instead of a session.`)
  const headers = { cookie: cookie.split(';')[0] ?? '', 'x-unhappy-key': pageKey }
  const call = async <T>(method: string, path: string, body?: object): Promise<T> => {
    const question = { method, path: `/api/labs/${lab}${path}`, headers, timeoutMs: 30_000 }
    const answer = await ask(body === undefined ? question : { ...question, body })
    if (answer.status >= 300)
      throw new Error(`Seat ${seat}: ${method} ${path} is ${answer.status}: ${answer.body}`)
    return JSON.parse(answer.body) as T
  }
  const code = async (): Promise<LabCode['files'][number] | undefined> =>
    (await call<LabCode>('GET', '/code')).files[0]
  return {
    work: async (text, confidence) => {
      await call('POST', '/start')
      await call('POST', '/prediction', { answer: 2, confidence })
      await call('PUT', `/code/${seam}`, { text, basedOn: (await code())?.version })
    },
    workSoFar: async () => ({
      text: (await code())?.text ?? '',
      confidence: (await call<LabView>('GET', '')).prediction?.confidence,
    }),
    events: async () => (await ask({ path: '/api/events', headers, onlyBegin: true })).body,
  }
}
