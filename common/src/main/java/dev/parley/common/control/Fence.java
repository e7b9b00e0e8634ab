package dev.parley.common.control;

/**
 * Tells an incarnation of a media server that it was given up and its conferences are elsewhere: it
 * is to send away whoever is still with it, and may only come back as another incarnation. The last
 * message of a link.
 */
public record Fence() implements SessionMessage {}
