/** What `\d` shows. */
export const listTables = `
  SELECT c.relname AS table, c.reltuples::bigint AS "rows, about"
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind = 'r' AND n.nspname = 'public' ORDER BY 1`

/** What `\d orders` shows. */
export function describeTable(name: string): { readonly text: string; readonly values: string[] } {
  return {
    text: `
      SELECT column_name AS column, data_type AS type, is_nullable AS nullable, column_default AS default
      FROM information_schema.columns WHERE table_schema = 'public' AND table_name = $1
      ORDER BY ordinal_position`,
    values: [name],
  }
}
