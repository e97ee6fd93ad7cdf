/**
 * What the controller's HTTP API receives and responds. `chaos/api` serves it; the CLI and the dashboard are its clients.
 *
 *   GET    /api/alive                       AliveView: responds at once, because it asks no other process
 *   GET    /api/sandbox                     SandboxView; a part that does not respond within 600 ms is in `unread`
 *   DELETE /api/sandbox                     stops the whole sandbox (local runtime)
 *   POST   /api/sandbox/restore             204: restores the shop: own code, every safety net, new books
 *   POST   /api/secrets                     201 OneTimeSecret: for GET /?secret=SECRET; needs the token
 *   GET    /api/events                      server-sent SandboxEvent, resumable with Last-Event-ID; ?types=fault,run
 *   GET    /api/catalogue                   CatalogueView: faults and checks with their JSON Schemas
 *   GET    /api/faults                      ActiveFault[]
 *   POST   /api/faults                      FaultBody -> 201 ActiveFault
 *   DELETE /api/faults/:id                  204: heals it
 *   DELETE /api/faults                      HealReport, within a second: heals every fault; the shop keeps running
 *   GET    /api/traps                       TrapStatus[]: every trap that was armed and not yet disarmed
 *   POST   /api/traps                       TrapBody -> 201 { id }
 *   DELETE /api/traps/:id                   204: disarms it; a held message is delivered
 *   POST   /api/traps/:id/release           { then: deliver | cut | silence } -> 204
 *   POST   /api/taps                        TapBody -> 201 { id }: exchanges on the event stream
 *   DELETE /api/taps/:id                    204
 *   POST   /api/halt                        HealReport, within a second: heals, aborts runs, refuses new faults until the halt is lifted
 *   DELETE /api/halt                        204: lifts the halt
 *   GET    /api/profiles                    ProfileView[]: the parts that run only when asked
 *   PUT    /api/profiles/:name              ProfileView: starts the profile; responds when its parts are ready
 *   DELETE /api/profiles/:name              ProfileView: stops it; it stays on while a run or a fault needs it
 *   PUT    /api/traffic                     TrafficRates -> TrafficRates: clients outside of runs, until stopped
 *   DELETE /api/traffic                     204
 *   GET    /api/truth                       TruthCounters; 503 with PartialCounters as `details` if a source cannot be read
 *   GET    /api/instances/:name/logs        server-sent LogLine; ?tail=100&follow=true
 *   POST   /api/runs                        RunBody -> 202 RunView
 *   GET    /api/runs                        RunSummary[], newest first
 *   GET    /api/runs/:id                    RunView
 *   GET    /api/runs/:id/journal            SandboxEvent[] (?after=seq)
 *   GET    /api/runs/:id/files/:name        a file of the run folder
 *   GET    /api/runs/:id/flows              FlowList of contracts/flow-record.ts (?part=variants)
 *   GET    /api/runs/:id/flows/:flow        FlowComparison, or a FlowRecord if there is no fault-free flow (?part=variants)
 *   GET    /api/flows/:id                   FlowRecord of a flow of the running sandbox; the first request begins to record
 *   DELETE /api/runs/:id                    aborts it
 *   GET    /api/runs/:id/export.json        everything about the run in one file
 *   GET    /api/xrays                       XrayList: newest first, and whether this controller can start one
 *   POST   /api/xrays                       XrayBody -> 202 XraySummary
 *   GET    /api/xrays/:id                   XraySummary with the matrix, finished or not; cells without their history
 *   GET    /api/xrays/:id/cells/:step/:column  a cell with its history
 *   GET    /api/xrays/:id/files/:name       xray.html or xray.json
 *   DELETE /api/xrays/:id                   204: stops the X-ray that this controller started
 *   GET    /api/labs                        LabSummary[]
 *   GET    /api/labs/:id                    LabView
 *   POST   /api/labs/:id/start              copies start/ to my-work/ -> LabView
 *   POST   /api/labs/:id/reset              keeps a backup, copies again -> LabView
 *   POST   /api/labs/:id/prediction         PredictionBody -> LabView (409 after the first run)
 *   POST   /api/labs/:id/explanation        { text } -> LabView
 *   POST   /api/labs/:id/hint               unlocks the next hint -> LabView
 *   POST   /api/labs/:id/check              CheckBody -> 202 RunView
 *   GET    /api/labs/:id/solution           SolutionView
 *   GET    /api/labs/:id/after              AfterView: trade-offs, near misses and lenses; they give the solution away
 *   GET    /api/labs/:id/code               LabCode: the learner's files, types, files of the shop
 *   PUT    /api/labs/:id/code/:seam         SaveBody -> SavedFile; 409 SaveConflict if the file on disk is another one
 *   POST   /api/labs/:id/diagnostics        DiagnosticsBody -> Diagnostics
 *   POST   /api/labs/:id/completions        PositionBody -> Completions
 *   POST   /api/labs/:id/hover              PositionBody -> Hover
 *   POST   /api/labs/:id/unlock             UnlockBody -> LabView
 *   PUT    /api/labs/:id/lenses             Lenses -> LabView
 *   GET    /api/labs/:id/transfer           TransferView: the same failure mode in unfamiliar code
 *   POST   /api/labs/:id/transfer           TransferBody -> TransferView; 403 if it is not due, 409 if it is answered
 *   GET    /api/progress                    LearningEvidence: calibration and transfer of the learner
 *   GET    /api/gameday                     GamedayView of contracts/gameday/, or null
 *   POST   /api/gameday                     GamedayBody -> 202 GamedayView: hidden incidents
 *   DELETE /api/gameday                     204: ends it early
 *   POST   /api/gameday/answers             AnswersBody -> GamedayView
 *   POST   /api/gameday/actions             ActionBody -> TakenAction
 *   GET    /api/gameday/debrief.html        the incidents that have closed, as a page
 *   POST   /api/sql                         StatementBody -> SqlRows
 *   POST   /api/redis                       CommandBody -> RedisReply
 *   GET    /api/workshop                    MembershipView of contracts/workshop.ts: what is sent to the host of a workshop
 *   POST   /api/workshop/join               JoinRequest -> MembershipView
 *   POST   /api/workshop/leave              MembershipView
 *   POST   /api/workshop/help               HelpRequest -> MembershipView
 *   POST   /api/workshop/share              ShareRequest -> MembershipView: sends the code of one lab
 *   GET    /api/openapi.json
 *
 * Every request needs the sandbox's token (`authorization: Bearer ...`) or the session cookie of a page. Requests that
 * change something also need `content-type: application/json` if they have a body, and with a cookie the key of the page
 * (`x-unhappy-key`). `/`, `/assets/*` and `/api/alive` are public and contain no data.
 * An error response has the body {@link ApiError} and a matching HTTP status.
 */
export type * from './api/error.ts'
export type * from './api/faults.ts'
export type * from './api/labs.ts'
export type * from './api/learning.ts'
export type * from './api/runs.ts'
export type * from './api/sandbox.ts'
export type * from './api/sql-rows.ts'
export type * from './api/xray.ts'
