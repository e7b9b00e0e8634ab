package dev.parley.session.conference;

import java.time.Instant;

/**
 * One participant's media on one server.
 *
 * @param id unguessable; part of the media session's URL
 * @param lastSequence the newest report about it that has been applied, of the server's incarnation
 * @param since when the server was asked to admit it
 */
public record MediaSession(
    String id, MediaServer server, long epoch, long lastSequence, Instant since) {
  MediaSession applied(long sequence) {
    return new MediaSession(id, server, epoch, sequence, since);
  }
}
