/**
 * What the workshop host receives and responds. `chaos/workshop/host` serves it; a learner's sandbox
 * (`chaos/workshop/member`), the instructor's page and the projector's page are its clients.
 *
 * Public, without a token:
 *   GET    /                                how to join, as a plain page
 *   GET    /instructor, /projector          the pages; they contain no data. The token is in the fragment: `#token=TOKEN`
 *   GET    /assets/*                        their files
 *   GET    /api/alive                       HostAlive
 *   POST   /api/join                        JoinBody -> 201 JoinResponse; 403 for a wrong code; 429 after too many
 *
 * With the token of one learner. Each reads and changes only what belongs to this learner:
 *   GET    /api/member                      MemberView
 *   POST   /api/member/reports              ReportsBody -> ReportsResponse; on disk before the response
 *   GET    /api/member/pushes?after=SEQ     Push[]: everything after this number, oldest first
 *   GET    /api/member/stream               server-sent Push, resumable with Last-Event-ID (the `seq` of the last one)
 *
 * With the instructor's token:
 *   GET    /api/workshop                    InstructorView
 *   GET    /api/workshop/stream             server-sent InstructorView: now, and at most 500 ms after each change
 *   POST   /api/workshop/pushes             PushBody -> 201 PushResult: a hint, a note or a request for code
 *   POST   /api/workshop/exercise           ExerciseBody -> InstructorView; 409 if another exercise is in progress
 *   PUT    /api/workshop/exercise           ExerciseChange -> InstructorView: pause, resume, extend, stop
 *   PUT    /api/workshop/sequence           SequenceBody -> InstructorView
 *   PUT    /api/workshop/scoreboard         ScoreboardBody -> InstructorView
 *   PUT    /api/workshop/predictions/:lab   RevealBody -> InstructorView
 *   POST   /api/workshop/incidents          IncidentBody -> 201 IncidentResult
 *   DELETE /api/workshop/incidents/:id      204: ends it in every sandbox that received it
 *   PUT    /api/workshop/learners/:id/help  204: the instructor saw the request for help
 *   GET    /api/workshop/learners/:id       LearnerRecord: everything that this learner reported
 *   GET    /api/workshop/exports/:file      workshop.json, workshop.csv, workshop.md or workshop.html
 *   GET    /api/workshop/learners/:id/export.md, export.html
 *
 * With the token of the projector, or of the instructor:
 *   GET    /api/projector                   ProjectorView
 *   GET    /api/projector/stream            server-sent ProjectorView: now, and at most 500 ms after each change
 *
 * A token is sent as `authorization: Bearer TOKEN`, also for streams: pages read them with `fetch`. There are no cookies,
 * except those of seats (`workshop/seat.ts`).
 * Requests with a body need `content-type: application/json`. An error response has the body `ApiError` of `api.ts`.
 */
export * from './workshop/instructor.ts'
export * from './workshop/member.ts'
export * from './workshop/membership.ts'
export * from './workshop/projector.ts'
export * from './workshop/push.ts'
export * from './workshop/report.ts'
export * from './workshop/seat.ts'
