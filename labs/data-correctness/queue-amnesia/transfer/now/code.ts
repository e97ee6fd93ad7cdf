import { Worker, type Queue } from 'bullmq'
import type { Pool } from 'pg'

const dayMs = 86_400_000

export async function queueReminders(db: Pool, reminders: Queue): Promise<void> {
  const { rows } = await db.query(
    'SELECT id, visit_at FROM bookings WHERE reminder_at IS NULL AND visit_at > now()',
  )
  for (const { id, visit_at: visitAt } of rows) {
    const delay = Math.max(0, visitAt.getTime() - dayMs - Date.now())
    await reminders.add('remind', { id }, { jobId: id, delay, attempts: 8 })
    await db.query('UPDATE bookings SET reminder_at = now() WHERE id = $1', [id])
  }
}

export function sendReminders(
  sms: { send(booking: string): Promise<void> },
  connection: { url: string },
): Worker {
  return new Worker('reminders', async (job) => sms.send(job.data.id), { connection })
}
