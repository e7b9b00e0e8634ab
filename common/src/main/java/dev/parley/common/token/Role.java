package dev.parley.common.token;

/** What a participant is in a conference; decides the grants of a token that names none. */
public enum Role {
  HOST,
  SPEAKER,
  LISTENER
}
