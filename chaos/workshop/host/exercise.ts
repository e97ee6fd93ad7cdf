import { randomUUID } from 'node:crypto'

import type { ExerciseBody, ExerciseChange } from '#chaos/contracts/workshop.ts'
import { InputError } from '#chaos/lib/errors.ts'

import type { ExerciseEvent, PushContent } from './store/events.ts'
import { leftOf } from './store/workshop-state.ts'

/** Throws {@link InputError} with status 409 while another exercise is in progress. */
export function startedExercise(
  before: ExerciseEvent | null,
  { title, lab, limitMs }: ExerciseBody,
  nowMs: number,
): ExerciseEvent {
  if (before !== null && before.state !== 'stopped')
    throw new InputError(`The exercise "${before.title}" is ${before.state}.`, {
      remedy: 'Stop it first.',
      status: 409,
    })
  return {
    kind: 'exercise',
    exercise: randomUUID(),
    title,
    lab: lab ?? null,
    state: 'running',
    startedAt: new Date(nowMs).toISOString(),
    limitMs: limitMs ?? null,
    ...timerOf(limitMs ?? null, nowMs),
  }
}

/** Throws {@link InputError} with status 409 if the change does not apply to the exercise. */
export function changedExercise(
  before: ExerciseEvent | null,
  change: ExerciseChange,
  nowMs: number,
): ExerciseEvent {
  if (before === null || before.state === 'stopped')
    throw new InputError('No exercise is in progress.', { remedy: 'Start one.', status: 409 })
  const leftMs = leftOf(before, nowMs)
  switch (change.what) {
    case 'pause':
      return { ...before, state: 'paused', endsAt: null, leftMs }
    case 'resume':
      return { ...before, state: 'running', ...timerOf(leftMs, nowMs) }
    case 'stop':
      return { ...before, state: 'stopped', endsAt: null, leftMs }
    case 'extend': {
      if (leftMs === null)
        throw new InputError(`The exercise "${before.title}" has no timer.`, {
          remedy: 'Stop it, and start it with a timer.',
          status: 409,
        })
      const limitMs = (before.limitMs ?? 0) + change.byMs
      const longer = leftMs + change.byMs
      const timer = before.state === 'running' ? timerOf(longer, nowMs) : { leftMs: longer }
      return { ...before, limitMs, ...timer }
    }
  }
}

/** What the learners' sandboxes receive about it. */
export function exercisePush(exercise: ExerciseEvent, nowMs: number): PushContent {
  const { title, lab, state, endsAt } = exercise
  const leftMs = leftOf(exercise, nowMs)
  return { type: 'exercise', exercise: exercise.exercise, title, lab, state, endsAt, leftMs }
}

function timerOf(leftMs: number | null, nowMs: number): Pick<ExerciseEvent, 'endsAt' | 'leftMs'> {
  if (leftMs === null) return { endsAt: null, leftMs: null }
  return { endsAt: new Date(nowMs + leftMs).toISOString(), leftMs }
}
