import { Queue } from 'bullmq'
import Redis from 'ioredis'

export const connection = new Redis(process.env.REDIS_URL, { maxRetriesPerRequest: null })
connection.on('error', (err) => console.error('redis:', err.message))

export const queue = new Queue('pack', { connection })

// The same order has one job at a time.
export async function enqueue({ id, reference }) {
  await queue.add('pack', { id, reference }, {
    jobId: `order-${id}`,
    attempts: 8,
    backoff: { type: 'fixed', delay: 300 },
    removeOnComplete: true,
    removeOnFail: true,
  })
}
