import * as fc from 'fast-check'

import type { Random } from '#chaos/lib/random.ts'

import { exchange } from './exchange.ts'
import type { Answer } from './exchange.ts'
import { httpBytes, pathPart } from './http-bytes.ts'
import type { HttpInput } from './http-bytes.ts'
import { mutatedJson } from './mutate.ts'
import type { FuzzTarget } from './run-fuzz.ts'
import { valuesOf } from './schema-values.ts'
import type { ValueSchema } from './schema-values.ts'

/** One request that a server offers. */
export interface Offer {
  readonly method: string
  /** With parameters in braces. */
  readonly path: string
  readonly query?: readonly { readonly name: string; readonly schema: ValueSchema }[]
  readonly body?: (random: Random) => unknown
  /** Values for parameters of the path, in addition to wrong ones. */
  readonly known?: readonly string[]
  /** A valid request would end or rebuild the sandbox, so it is only sent without a valid token. */
  readonly guarded?: boolean
}

interface ServerOptions {
  readonly name: string
  readonly share: number
  readonly port: number
  readonly offers: readonly Offer[]
  /** Headers of a proper request. */
  readonly headers?: Readonly<Record<string, string>>
  /** Headers of a request that must be refused. */
  readonly strangers?: Readonly<Record<string, string>>
  /** What is wrong with the response. */
  judge(answer: Answer, offer: Offer): string | undefined
}

/** How long a complete request may take. A request that is not complete gets a short time. */
const waitMs = 20_000
const shortWaitMs = 150

/** A target that receives HTTP. */
export function httpTarget(options: ServerOptions): FuzzTarget {
  return {
    name: options.name,
    share: options.share,
    tryOne: async (random) => {
      const offer = random.pick(options.offers)
      const input = inputOf(offer, options, random)
      const { bytes, complete } = httpBytes(input, random)
      const answer = await exchange(options.port, bytes, {
        waitMs: complete ? waitMs : shortWaitMs,
        halfClose: !complete && random.next() < 0.3,
      })
      const tried = {
        outcome: String(answer.status ?? answer.error ?? 'no response'),
        input: bytes.subarray(0, 600).toString(),
      }
      const problem =
        problemOf(answer, complete) ?? options.judge(answer, { ...offer, method: input.method })
      return problem === undefined ? tried : { ...tried, problem }
    },
  }
}

function inputOf(offer: Offer, options: ServerOptions, random: Random): HttpInput {
  const path = offer.path.replaceAll(/\{[^}]+\}/g, () =>
    offer.known !== undefined && random.next() < 0.5
      ? encodeURIComponent(random.pick(offer.known))
      : pathPart(random) || 'x',
  )
  const query = (offer.query ?? [])
    .filter(() => random.next() < 0.7)
    .map(({ name }) => `${name}=${pathPart(random)}`)
  const stranger = offer.guarded === true || random.next() < 0.05
  const body = offer.body === undefined ? undefined : mutatedJson(offer.body(random), random)
  return {
    method:
      random.next() < 0.03
        ? random.pick(['PUT', 'TRACE', 'OPTIONS', 'HEAD', 'QUERY'])
        : offer.method,
    path: `${path}${query.length === 0 ? '' : `?${query.join('&')}`}`,
    headers: {
      host: `127.0.0.1:${options.port}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(stranger ? options.strangers : options.headers),
    },
    ...(body === undefined ? {} : { body }),
  }
}

/** What no server may do. */
function problemOf({ status, error, ended }: Answer, complete: boolean): string | undefined {
  if (error === 'ECONNREFUSED') return 'refuses connections'
  if (complete && !ended) return `did not respond within ${waitMs / 1_000} s`
  if (complete && status === undefined) return `responded with ${error ?? 'nothing'}`
  return undefined
}

/** Many values of the schema, made once; fast-check makes few per millisecond. */
export function pool(schema: ValueSchema, seed: number): (random: Random) => unknown {
  const values = fc.sample(valuesOf(schema), { seed, numRuns: 200 })
  return (random) => random.pick(values)
}
