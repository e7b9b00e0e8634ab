package dev.parley.common.control;

/**
 * What travels on a control link: one JSON object a WebSocket text frame, told apart by its {@code
 * type}. The media server dials, says {@link Hello}, hears {@link Welcome} and then sends {@link
 * MediaMessage}s; the session tier sends {@link SessionMessage}s.
 */
public sealed interface ControlMessage permits MediaMessage, SessionMessage {}
