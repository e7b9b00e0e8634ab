package dev.parley.session.conversation;

/** What a member of a channel may do there. */
public enum MemberRole {
  /** See the channel's conversations. */
  MEMBER,
  /** See them, and file them anew. */
  OWNER
}
