/** Why a check of payments' events proves nothing. */
export const noEvents =
  'Payments reported no event. Start the profile callbacks in `shop:`, and give the workload a rate for orders.'

/** The same for a check of refunds. */
export const noRefunds =
  'Payments refunded no charge. Start the profile callbacks in `shop:`, and add a share of `disputed` orders to the workload.'
