package dev.parley.session.access;

import java.util.EnumSet;
import java.util.Set;

/** What a server key may be used for. */
public enum Scope {
  /** Make, list, read and change conferences, mint join tokens, see who is there, watch events. */
  CONFERENCES,
  /** See conferences and who is there, mute and remove people, end conferences. */
  MODERATION,
  /** Keep webhook endpoints and see what was sent to them. */
  WEBHOOKS,
  /** Recordings, files and what else remains of calls. */
  LIBRARY,
  /** What the tenant has used, and how well it was heard. */
  USAGE,
  /** Say who else may sign the tenant's join tokens. */
  ADMIN;

  /** Every scope: what a key may do that was made without a list. */
  public static final Set<Scope> ALL = Set.copyOf(EnumSet.allOf(Scope.class));
}
