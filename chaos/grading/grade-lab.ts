import type { RunView } from '#chaos/contracts/api.ts'
import type { Clock } from '#chaos/lib/clock.ts'

import type { Grade } from './grade.ts'
import type { Judged, JudgeRequest } from './judge.ts'

/** Code that ends the sandbox, or a run that proves nothing, gets this many attempts. */
const attemptsMax = 3

/** Judges the code as `lab check` does, and again if the sandbox or the machine may be the cause of the result. */
export async function gradeLab(
  judge: (request: JudgeRequest) => Promise<Judged>,
  request: JudgeRequest,
  clock: Clock,
): Promise<Grade> {
  const startMs = clock.now()
  for (let attempt = 1; ; attempt += 1) {
    const judged = await judge(request)
    const grade = gradeOf(judged, Math.round(clock.now() - startMs))
    // Three of a kind cost too much time: a sandbox that ends twice was ended by the code.
    const enough = judged.kind === 'run' ? attemptsMax : attemptsMax - 1
    if (isFinal(judged) || attempt >= enough) return grade
  }
}

function isFinal(judged: Judged): boolean {
  if (judged.kind !== 'run') return judged.kind !== 'lost'
  return judged.run.outcome === 'held' || judged.run.outcome === 'violated'
}

function gradeOf(judged: Judged, tookMs: number): Grade {
  if (judged.kind === 'busy')
    return { ...broken(judged.why, tookMs), outcome: 'inconclusive', reasons: [judged.why] }
  if (judged.kind !== 'run') return broken(judged.why, tookMs)
  const { run } = judged
  if (run.outcome === null) return { ...broken(errorOf(run), tookMs), seed: run.seed }
  return {
    outcome: run.outcome,
    headline: run.headline ?? '',
    checks: run.checks.map(({ name, title, outcome, summary }) => ({
      name,
      title,
      outcome,
      summary,
    })),
    reasons: run.verdict?.reasons ?? [],
    ...(run.verdict?.story && { story: run.verdict.story }),
    seed: run.seed,
    tookMs,
  }
}

/** A grade for code that has no verdict. */
export function broken(headline: string, tookMs = 0): Grade {
  const line = headline.replaceAll(/\s*\n\s*/g, ' ')
  return { outcome: 'broken', headline: line, checks: [], reasons: [], tookMs }
}

function errorOf(run: RunView): string {
  return run.error?.error ?? `The run was ${run.state}.`
}
