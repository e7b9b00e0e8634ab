package dev.parley.session.conference;

/**
 * What everyone in a conference is told of its options as they change. Tags and attributes are left
 * out: whoever needs them reads the conference.
 *
 * @param version the one that clients see
 */
public record ConferenceSummary(
    long version,
    boolean locked,
    boolean lobby,
    int maxParticipants,
    Lifespan lifespan,
    RecordingRules recordingRules) {}
