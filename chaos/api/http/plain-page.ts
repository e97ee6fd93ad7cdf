/** What stands at `/` until the dashboard is built. */
export const plainPage = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Unhappy Path</title>
<style>body{font:16px/1.5 system-ui;max-width:40rem;margin:4rem auto;padding:0 1rem;color-scheme:light dark}</style>
<h1>The sandbox is up</h1>
<p>The dashboard is not built here. Until then:</p>
<ul>
<li><code>npx unhappy status</code> shows instances, links and faults.</li>
<li><a href="/api/sandbox">/api/sandbox</a> is the same as JSON.</li>
<li><a href="/api/openapi.json">/api/openapi.json</a> describes the whole API.</li>
</ul>
</html>
`
