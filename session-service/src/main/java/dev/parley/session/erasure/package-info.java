/** Erasing a person: what a tenant asks for, what was found where, what is kept and why. */
package dev.parley.session.erasure;
