import type {
  AnsweredTransfer,
  TransferQuestion,
  TransferStep,
  TransferView,
} from '#chaos/contracts/api.ts'
import type { Lab } from '#chaos/contracts/lab.ts'

import type { LabProgress } from '../progress-store.ts'
import { readTransfer, type Transfer } from './read-transfer.ts'
import { transferDue } from './transfer-due.ts'

/** The question that is due, without its answer, and the answered ones with it. */
export async function transferView(
  lab: Lab,
  progress: LabProgress,
  nowMs: number,
): Promise<TransferView> {
  const { state, dueAt, step } = transferDue(progress, nowMs)
  const answered = await Promise.all(
    (['now', 'later'] as const).map(async (one) => answeredTransfer(lab, progress, one)),
  )
  return {
    lab: lab.id,
    state,
    dueAt,
    question: step === undefined ? null : questionOf(step, await readTransfer(lab, step)),
    answered: answered.filter((one) => one !== undefined),
  }
}

async function answeredTransfer(
  lab: Lab,
  progress: LabProgress,
  step: TransferStep,
): Promise<AnsweredTransfer | undefined> {
  const answer = progress.transfer?.[step]
  if (answer === undefined) return undefined
  const transfer = await readTransfer(lab, step)
  const { right, wrong, explanation, elsewhere } = transfer
  return { question: questionOf(step, transfer), answer, right, wrong, explanation, elsewhere }
}

function questionOf(step: TransferStep, transfer: Transfer): TransferQuestion {
  const { title, setting, code, messages, choices } = transfer
  return { step, title, setting, code, messages, choices }
}
