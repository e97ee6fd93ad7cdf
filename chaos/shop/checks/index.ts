import { generalChecks, named } from '#chaos/checks/general-checks.ts'

import { shopInChecks } from '../operations.ts'
import { amplification } from './amplification.ts'
import { booksBalance } from './books-balance.ts'
import { chargedAtMostOnce } from './charged-at-most-once.ts'
import { chargedWhatWasOrdered } from './charged-what-was-ordered.ts'
import { drainsWithin } from './drains-within.ts'
import { eventsRecorded } from './events-recorded.ts'
import { messagesInMinorUnits } from './messages-in-minor-units.ts'
import { migrationComplete } from './migration-complete.ts'
import { noLostOrders } from './no-lost-orders.ts'
import { noPhantomOrders } from './no-phantom-orders.ts'
import { noStuckOrders } from './no-stuck-orders.ts'
import { ordersPaid } from './orders-paid.ts'
import { paymentStateAgrees } from './payment-state-agrees.ts'
import { paymentStateNeverGoesBack } from './payment-state-never-goes-back.ts'
import { poisonSetAside } from './poison-set-aside.ts'
import { pricesNeverGoBack } from './prices-never-go-back.ts'
import { pricesStayFresh } from './prices-stay-fresh.ts'
import { readsFromReplica } from './reads-from-replica.ts'
import { refundsBookedOnce } from './refunds-booked-once.ts'
import { refusalsAreTrue } from './refusals-are-true.ts'
import { reportFinished } from './report-finished.ts'
import { responsesAreTrue } from './responses-are-true.ts'
import { sameKeySameAnswer } from './same-key-same-answer.ts'
import { settlesWithin } from './settles-within.ts'
import { statusNeverGoesBack } from './status-never-goes-back.ts'
import { stockConserved } from './stock-conserved.ts'
import { suspiciousSetAside } from './suspicious-set-aside.ts'
import { takeoversAtMost } from './takeovers-at-most.ts'
import { unknownVersionSetAside } from './unknown-version-set-aside.ts'

/** The shop's own checks. */
const ownChecks = named({
  amplification,
  'no-lost-orders': noLostOrders,
  'no-phantom-orders': noPhantomOrders,
  'charged-at-most-once': chargedAtMostOnce,
  'charged-what-was-ordered': chargedWhatWasOrdered,
  'books-balance': booksBalance,
  'stock-conserved': stockConserved,
  'status-never-goes-back': statusNeverGoesBack,
  'no-stuck-orders': noStuckOrders,
  'drains-within': drainsWithin,
  'same-key-same-answer': sameKeySameAnswer,
  'takeovers-at-most': takeoversAtMost,
  'orders-paid': ordersPaid,
  'messages-in-minor-units': messagesInMinorUnits,
  'unknown-version-set-aside': unknownVersionSetAside,
  'poison-set-aside': poisonSetAside,
  'suspicious-set-aside': suspiciousSetAside,
  'settles-within': settlesWithin,
  'prices-never-go-back': pricesNeverGoBack,
  'prices-stay-fresh': pricesStayFresh,
  'events-recorded': eventsRecorded,
  'payment-state-agrees': paymentStateAgrees,
  'payment-state-never-goes-back': paymentStateNeverGoesBack,
  'refunds-booked-once': refundsBookedOnce,
  'migration-complete': migrationComplete,
  'report-finished': reportFinished,
  'reads-from-replica': readsFromReplica,
  'responses-are-true': responsesAreTrue,
  'refusals-are-true': refusalsAreTrue,
})

/** Every check by name: the checks of any system, and those of the shop. */
export const checks = {
  ...generalChecks(shopInChecks),
  ...ownChecks,
}

export type CheckName = keyof typeof checks

/** Judged in every run, whatever the scenario expects: a shop that says what is not true is wrong in every lab. */
export const alwaysJudged: readonly CheckName[] = ['responses-are-true', 'refusals-are-true']
