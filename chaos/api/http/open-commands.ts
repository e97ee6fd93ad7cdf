/** The commands that open the dashboard with a new secret: for plain processes, and for Docker. */
export const openCommands = ['npx unhappy open', 'docker compose exec chaos unhappy open'] as const
