import * as fc from 'fast-check'
import { stringify } from 'yaml'

import { scenarioLanguage } from '#chaos/engine/scenario/scenario-schema.ts'
import type { Random } from '#chaos/lib/random.ts'
import { system } from '#chaos/system.ts'

import { mutatedJson, withByte } from './mutate.ts'
import { valuesOf } from './schema-values.ts'
import type { ValueSchema } from './schema-values.ts'

let scenarios: readonly unknown[] | undefined

function anyScenario(random: Random): unknown {
  scenarios ??= fc.sample(valuesOf(scenarioLanguage(system).schema as ValueSchema), {
    seed: 1,
    numRuns: 200,
  })
  return random.pick(scenarios)
}

/** The text of a scenario file with mistakes. JSON is YAML, so half of them are JSON. */
export function scenarioText(random: Random): string {
  if (random.next() < 0.5) return mutatedJson(anyScenario(random), random).toString()
  const text = stringify(anyScenario(random))
  switch (random.integer(0, 9)) {
    case 0:
      return text.slice(0, random.integer(0, text.length))
    case 1:
      return withByte(Buffer.from(text), random).toString()
    case 2:
      return `${text}\nexpect: &a [*a]\n`
    case 3:
      return random.pick(['- ', '? ', '[', '{a: ']).repeat(random.pick([40, 150, 5_000, 50_000]))
    case 4:
      return `a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\n${text}`
    case 5:
      return text.replaceAll('\n', random.pick(['\r', '\t\n', '\n\n---\n']))
    case 6:
      return text.replaceAll(/\d+/g, () =>
        random.pick([
          '999999999999',
          '-1',
          '.nan',
          '.inf',
          '0x1f',
          '1_000',
          '!!binary aa',
          '!!float x',
        ]),
      )
    case 7:
      return `<<: {title: x}\n__proto__: {a: 1}\n${text}`
    case 8:
      return `%YAML 9.9\n---\n${text}`
    default:
      return text.replace(/[a-z]+:/, (key) => `${key} ? ${key}`)
  }
}
