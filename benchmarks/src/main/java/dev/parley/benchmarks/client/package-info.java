/**
 * A WebRTC client in Java for load, soak and demonstrations: offers SDP, checks ICE, shakes hands
 * by DTLS, sends and receives Opus over SRTP, and keeps exact figures. Many clients share one
 * {@link dev.parley.benchmarks.client.ClientLoop}.
 */
@NullMarked
package dev.parley.benchmarks.client;

import org.jspecify.annotations.NullMarked;
