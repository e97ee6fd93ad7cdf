import type { Pool } from 'pg'

interface Salary {
  readonly id: string
  readonly iban: string
  readonly cents: number
}

export class Refused extends Error {}

interface Bank {
  transfer(key: string, to: string, cents: number): Promise<{ number: string }>
}

export async function payOut(db: Pool, bank: Bank, salary: Salary): Promise<void> {
  try {
    const key = `salary-${salary.id}`
    const { number } = await bank.transfer(key, salary.iban, salary.cents)
    await finish(db, salary, { state: 'paid', note: number })
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    await finish(db, salary, { state: 'refused', note: error.message })
  }
}

async function finish(
  db: Pool,
  salary: Salary,
  { state, note }: { state: 'paid' | 'refused'; note: string },
): Promise<void> {
  const text = "UPDATE salaries SET state = $2, note = $3 WHERE id = $1 AND state = 'due'"
  await db.query(text, [salary.id, state, note])
}
