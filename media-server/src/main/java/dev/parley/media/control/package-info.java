/**
 * The media server's end of the control link (docs/protocol.md): it dials the session nodes,
 * reports what happens, and hands their commands to {@link dev.parley.media.control.MediaCommands}.
 */
package dev.parley.media.control;
