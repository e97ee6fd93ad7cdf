import type { LabView, RunView } from '../../../contracts/api.ts'
import { api, readRunFile } from '../data/api.ts'
import { TwoTexts } from '../editor/two-texts.tsx'
import { useLoaded } from '../hooks/use-loaded.ts'
import { pairOf } from './run-pair.ts'
import type { RunPair } from './run-pair.ts'

const signs = { held: '✓', violated: '✕', inconclusive: '?' } as const

/** The last violated run of the learner's code and the first run after it that held, with the difference of the code. */
export function TwoRuns({ lab }: { readonly lab: LabView }) {
  const pair = pairOf(lab.runs)
  return pair === null ? null : <Pair key={pair.held.id} lab={lab} {...pair} />
}

function Pair({ lab, violated, held }: RunPair & { readonly lab: LabView }) {
  const both = useLoaded(
    async () => Promise.all([load(lab, violated.id), load(lab, held.id)]),
    `${violated.id} ${held.id}`,
  )
  if (both.value === null)
    return <p class="panel empty">{both.error ?? 'Loading the two runs …'}</p>
  const [before, after] = both.value
  return (
    <section class="panel stack two-runs" data-testid="two-runs">
      <h2>Violated and held</h2>
      <div class="beside">
        <RunColumn run={before.run} />
        <RunColumn run={after.run} />
      </div>
      {lab.seams.map(({ seam }) => (
        <TwoTexts
          key={seam}
          left={{ title: `${seam}.ts: violated`, text: before.code[seam] ?? '' }}
          right={{ title: `${seam}.ts: held`, text: after.code[seam] ?? '' }}
        />
      ))}
    </section>
  )
}

function RunColumn({ run }: { readonly run: RunView }) {
  if (run.verdict === null) return null
  const { outcome, headline, checks } = run.verdict
  return (
    <div class="stack">
      <a class={`verdict ${outcome}`} href={`#/runs/${run.id}`}>
        <b>
          {signs[outcome]} {outcome.toUpperCase()}
        </b>
        <span>{headline}</span>
      </a>
      <ul class="checks small">
        {checks.map((check) => (
          <li key={check.title} class={check.outcome}>
            <span class="mark" role="img" aria-label={check.outcome}>
              {signs[check.outcome]}
            </span>
            <span>{check.title}</span>
          </li>
        ))}
      </ul>
    </div>
  )
}

async function load(lab: LabView, id: string) {
  const run = await api.runView(id)
  const texts = await Promise.all(
    lab.seams.map(async ({ seam }) => [seam, await readRunFile(id, `code/${seam}.ts`)] as const),
  )
  return { run, code: Object.fromEntries(texts) as Readonly<Record<string, string>> }
}
