/**
 * Conferences and the agents that run them: who hears whom, forwarded and mixed. Meets the event
 * loops only on rings, through {@link dev.parley.media.conference.PeerCommands} and {@link
 * dev.parley.media.conference.LoopWake}, and while one moves from agent to agent, as {@link
 * dev.parley.media.conference.ConferenceMove} tells.
 */
package dev.parley.media.conference;
