import { expect, test } from 'vitest'

import { isAttemptColumn } from './attempt-column.ts'

test.each([
  'attempts',
  'Δattempts',
  'attemptsMade',
  'retry_count',
  'retryCount',
  'tries_left',
  'version',
  'data.attempts',
  'last_error',
  'lastError',
  'next_attempt_at',
  'last_tried_at',
  'delivery_count',
])('%s is about attempts', (column) => expect(isAttemptColumn(column)).toBe(true))

test.each([
  'amount',
  'Δstock',
  'count',
  'order_count',
  'error',
  'status',
  'paid_at',
  'conversion',
  'entries',
  'country',
  'attempt_id',
  'failure_fee',
  'failed',
])('%s is not', (column) => expect(isAttemptColumn(column)).toBe(false))
