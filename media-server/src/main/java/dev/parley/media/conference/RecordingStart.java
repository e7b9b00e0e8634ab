package dev.parley.media.conference;

/** What became of the wish to record a conference. */
public enum RecordingStart {
  /** It is recorded. */
  BEGUN,
  /** Nobody hears such a mix, and there is no time to make it for the recording alone. */
  NO_TIME_FOR_MIX,
  /** The conference is not here. */
  NOT_FOUND
}
