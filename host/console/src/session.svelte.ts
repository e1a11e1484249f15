// Who is signed in, and the way to the sign-in page and back.
import { base, call, get, Problem, useToken, whenSignedOut, wording } from "./api/client";
import type { Session } from "./api/types";
import { comeBack, leave } from "./drafts/kept";
import { route } from "./route.svelte";
import { unsaved } from "./unsaved.svelte";

const SIGN_IN = "/sign-in";

class Signed {
  current: Session | null = $state(null);
  isLoading = $state(true);
  /** The host cannot be asked at all, or does not know the tenant. */
  problem = $state("");
  hasExpired = $state(false);
  private wanted = "/";
  private agent = "";

  constructor() {
    whenSignedOut(() => {
      // Several requests may hear it at once; the first is enough.
      if (!this.current) return;
      this.leave();
      this.hasExpired = true;
    });
  }

  get isAdmin(): boolean {
    return this.current?.agent.role === "admin";
  }

  async load(): Promise<void> {
    this.problem = "";
    this.isLoading = true;
    try {
      this.enter(await get<Session>("session"));
    } catch (error) {
      if (!(error instanceof Problem && error.status === 401)) this.problem = wording(error);
      this.leave();
    } finally {
      this.isLoading = false;
    }
  }

  async signIn(email: string, password: string): Promise<void> {
    this.enter((await call<Session>("POST", "session", { body: { email, password } })).body);
  }

  /** Whoever leaves by himself leaves nothing of what he wrote; whose session ended goes on where he was. */
  async signOut(): Promise<void> {
    await call("DELETE", "session");
    unsaved.clear();
    leave(base, this.agent);
    this.leave();
    this.wanted = "/";
  }

  private enter(session: Session): void {
    useToken(session.csrf_token);
    // What one person wrote is not for the next.
    if (session.agent.id !== this.agent) unsaved.clear();
    this.agent = session.agent.id;
    comeBack(base, this.agent);
    this.current = session;
    this.hasExpired = false;
    if (route.path === SIGN_IN) route.replace(this.wanted);
  }

  private leave(): void {
    useToken(null);
    this.current = null;
    if (route.path === SIGN_IN) return;
    this.wanted = route.here;
    route.replace(SIGN_IN);
  }
}

export const session = new Signed();
