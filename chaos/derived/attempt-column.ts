/** Names of columns that say how often something was tried, or when and why it failed last. */
const names = [
  /^(version|revision|lock_version)$/,
  /^(attempts?|retry|retries|tries)(_(count|made|number|left|remaining))?$/,
  /^(attempt|retry|try|failure|error|delivery|redelivery)_(count|number)$/,
  /^(failed_attempts|failures|redeliveries)$/,
  /^(last|next|first)_(attempt|retry|try|error|failure)(_(at|time|on|message|text|reason))?$/,
  /^(attempted|retried|retry|retry_after|last_tried|last_attempted)_(at|on)$/,
]

/**
 * Whether another value of the column shows a further attempt, and not another effect. The name decides: `attempts`, `Δattempts`,
 * `retryCount`, `data.last_error`.
 */
export function isAttemptColumn(column: string): boolean {
  const last = column.slice(column.lastIndexOf('.') + 1).replace(/^Δ/, '')
  const snake = last.replaceAll(/([a-z])([A-Z])/g, '$1_$2').toLowerCase()
  return names.some((name) => name.test(snake))
}
