/**
 * Conferences and the agents that run them: who hears whom, forwarded and mixed. Meets the event
 * loops only on rings, through {@link dev.parley.media.conference.PeerCommands} and {@link
 * dev.parley.media.conference.LoopWake}.
 */
package dev.parley.media.conference;
