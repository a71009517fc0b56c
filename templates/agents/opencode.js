// Written by 'mem hooks install'; 'mem hooks uninstall' deletes this file, with any changes made here.
// Passes opencode's events to `mem hook opencode <event>`: JSON on stdin, one JSON object back. Never fails a turn.
import { spawn } from "node:child_process"

const MEM = "mem"
const TIMEOUT_MS = 10_000
const SAVE_INTERVAL_MS = 60_000

export const Memcli = async ({ directory, worktree }) => {
  const callHook = (event, sessionID, more = {}) =>
    new Promise((resolve) => {
      let output = ""
      const finish = () => {
        try {
          resolve(JSON.parse(output || "{}"))
        } catch {
          resolve({})
        }
      }
      try {
        const child = spawn(MEM, ["hook", "opencode", event], { cwd: worktree || directory })
        setTimeout(() => child.kill(), TIMEOUT_MS).unref()
        child.on("error", () => resolve({}))
        child.on("close", finish)
        child.stdout.on("data", (chunk) => (output += chunk))
        child.stdin.on("error", () => {})
        child.stdin.end(JSON.stringify({ sessionID, directory, worktree, ...more }))
      } catch {
        resolve({})
      }
    })
  let lastSave = 0
  const started = new Set()
  const parents = new Map() // session of a sub-agent -> the session that started it
  const mainSession = (id) => (parents.has(id) ? mainSession(parents.get(id)) : id)
  const end = async (id) => {
    if (started.delete(id)) await callHook("session-end", id)
  }

  return {
    "chat.message": async ({ sessionID }) => {
      const id = mainSession(sessionID)
      if (id && !started.has(id)) {
        started.add(id)
        await callHook("session-start", id)
      }
    },
    "shell.env": async ({ sessionID }, output) => {
      if (sessionID) output.env.OPENCODE_SESSION_ID = mainSession(sessionID)
    },
    "tool.execute.after": async ({ sessionID }) => {
      if (Date.now() - lastSave > SAVE_INTERVAL_MS) {
        lastSave = Date.now()
        await callHook("save", mainSession(sessionID))
      }
    },
    "experimental.session.compacting": async ({ sessionID }, output) => {
      const { context } = await callHook("pre-compact", mainSession(sessionID))
      if (context) output.context.push(context)
    },
    event: async ({ event }) => {
      const { sessionID, info } = event.properties ?? {}
      const id = sessionID ?? info?.id
      if (event.type === "session.created" && info?.parentID) parents.set(info.id, info.parentID)
      if (event.type === "session.idle" && !parents.has(id)) await callHook("stop", id)
      if (event.type === "session.deleted") await end(id)
    },
    // the end of `opencode run`, and of a window
    dispose: async () => {
      await Promise.all([...started].map(end))
    },
  }
}
