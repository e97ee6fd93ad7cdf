/** The tiny services use no database. */
if (process.env['DATABASE_URL'] === undefined) process.exit(1)
