import { randomUUID } from 'node:crypto'

import type { Redis } from 'ioredis'
import type { Pool } from 'pg'

import { files } from './files.ts'
import { release, renew } from './lock.ts'
import { renderPayslip } from './render-payslip.ts'

export async function makePayslips(db: Pool, redis: Redis, company: string): Promise<void> {
  const token = randomUUID()
  const taken = await redis.set(`payslips:${company}`, token, 'PX', 10_000, 'NX')
  if (taken === null) return
  const timer = setInterval(() => {
    renew(redis, company, token).catch(console.warn)
  }, 3_000)
  try {
    const employees = await db.query('SELECT id, name, hours FROM employees WHERE company = $1', [
      company,
    ])
    const pages: Buffer[] = []
    for (const employee of employees.rows) pages.push(renderPayslip(employee))
    await files.put(`payslips/${company}.pdf`, Buffer.concat(pages))
  } finally {
    clearInterval(timer)
    await release(redis, company, token)
  }
}
