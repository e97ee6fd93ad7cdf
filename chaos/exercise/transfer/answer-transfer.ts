import type { TransferBody } from '#chaos/contracts/api.ts'
import { InputError, unknownName } from '#chaos/lib/errors.ts'

import type { LabProgress } from '../progress-store.ts'
import type { Transfer } from './read-transfer.ts'
import { transferDue } from './transfer-due.ts'

/**
 * The progress after an answer. Throws {@link InputError} when the question is not due, or when the answer names a message or
 * a choice that it does not have.
 */
export function answeredProgress(
  lab: string,
  before: LabProgress,
  transfer: Transfer,
  { step, message, choice, confidence }: TransferBody,
  nowMs: number,
): LabProgress {
  refuseEarly(lab, before, step, nowMs)
  if (message !== 0 && !transfer.messages.some(({ number }) => number === message))
    throw new InputError(`The code has no message ${message}.`, {
      remedy: `Use a number from 1 to ${transfer.messages.length}, or 0 for none of them.`,
    })
  const known = transfer.choices.map(({ id }) => id)
  if (!known.includes(choice)) throw unknownName('choice', choice, known)
  const { messages } = transfer.right
  const right =
    choice === transfer.right.choice &&
    (messages.length === 0 ? message === 0 : messages.includes(message))
  const answer = { message, choice, confidence, right, at: new Date(nowMs).toISOString() }
  return { ...before, transfer: { ...before.transfer, [step]: answer } }
}

function refuseEarly(
  lab: string,
  before: LabProgress,
  step: TransferBody['step'],
  nowMs: number,
): void {
  if (before.transfer?.[step] !== undefined)
    throw new InputError(`You have already answered this question of ${lab}.`, {
      remedy: `Read the answer: unhappy lab transfer ${lab}`,
      status: 409,
    })
  const due = transferDue(before, nowMs)
  if (due.step === step) return
  const refusal = (error: string, remedy: string): InputError =>
    new InputError(error, { remedy, status: 403 })
  if (due.state === 'locked')
    throw refusal(
      `The questions of ${lab} are locked until your code holds.`,
      `Check your code: unhappy lab check ${lab}`,
    )
  if (due.state === 'due')
    throw refusal(
      `The second question of ${lab} comes a week after the first answer.`,
      `Answer the first question: unhappy lab transfer ${lab}`,
    )
  throw refusal(
    `The second question of ${lab} is due from ${due.dueAt ?? ''} on.`,
    'Come back then.',
  )
}
