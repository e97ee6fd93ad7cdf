import { parseRefusal, PaymentsError } from '../payments-error.ts'
import type { PaymentsAnswer } from './connection.ts'

/**
 * Throws for every status that is not a success. Only payments itself can refuse: an error page of
 * a proxy does not say what payments did.
 */
export function throwIfRefused({ status, body }: PaymentsAnswer): void {
  if (status < 300) return
  if (parseRefusal(body) === undefined)
    throw PaymentsError.noAnswer(new Error(`Status ${status} without a refusal of payments.`))
  throw PaymentsError.refused(status, body)
}

/** The response is not what was requested, so the outcome is unknown. */
export function unreadable({ status }: PaymentsAnswer, expected: string): PaymentsError {
  return PaymentsError.noAnswer(new Error(`Status ${status}, but the body is not ${expected}.`))
}
