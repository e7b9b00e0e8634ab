/**
 * The probe port: STUN Binding answers (RFC 8489) for anyone who wants to know how far this server
 * is, and whether it lives.
 */
package dev.parley.media.probe;
