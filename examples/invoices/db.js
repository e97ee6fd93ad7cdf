const knex = require('knex')

const db = knex({ client: 'pg', connection: process.env.DATABASE_URL, pool: { min: 0, max: 5 } })

module.exports = db
