import assert from "node:assert/strict";
import { test } from "node:test";
import { readDate } from "../../../src/probers/domain/read-date.ts";

/** Each layout of the registries, with the top-level domain that writes so, and the moment that is meant. */
const DATES: readonly (readonly [topLevel: string, written: string, expected: string])[] = [
  ["com", "2027-04-05T06:07:08Z", "2027-04-05T06:07:08Z"],
  ["com", "2027-04-05T06:07:08.123456789Z", "2027-04-05T06:07:08Z"],
  ["com", "2027-04-05T06:07:08+0200", "2027-04-05T04:07:08Z"],
  ["com", "2027-04-05T06:07:08-07:00", "2027-04-05T13:07:08Z"],
  ["host", "2027-04-05T06:07:08.0Z", "2027-04-05T06:07:08Z"],
  ["br", "20270405", "2027-04-05T00:00:00Z"],
  ["br", "20270405 #123456", "2027-04-05T00:00:00Z"],
  ["ua", "20270405060708", "2027-04-05T06:07:08Z"],
  ["ua", "2027-04-05 06:07:08+03", "2027-04-05T03:07:08Z"],
  ["gov", "20270405 06:07:08", "2027-04-05T06:07:08Z"],
  ["lt", "2027-04-05", "2027-04-05T00:00:00Z"],
  ["ch", "2027-04-05 06:07:08", "2027-04-05T06:07:08Z"],
  ["cn", "2027-04-05 06:07:08", "2027-04-05T06:07:08Z"],
  ["tw", "2027-04-05 06:07:08 (UTC+8)", "2027-04-04T22:07:08Z"],
  ["tw", "2027-04-05 (2027-04-05)", "2027-04-05T00:00:00Z"],
  ["kz", "2027-04-05 06:07:08 (GMT+0:00)", "2027-04-05T06:07:08Z"],
  ["cl", "2027-04-05 06:07:08 CLST", "2027-04-05T09:07:08Z"],
  ["cl", "2027-04-05 06:07:08 CLT", "2027-04-05T10:07:08Z"],
  ["is", "April  5 2027", "2027-04-05T00:00:00Z"],
  ["cz", "05.04.2027", "2027-04-05T00:00:00Z"],
  ["fi", "5.4.2027 06:07:08", "2027-04-05T06:07:08Z"],
  ["rs", "05.04.2027 06:07:08", "2027-04-05T06:07:08Z"],
  ["fr", "05/04/2027", "2027-04-05T00:00:00Z"],
  ["im", "05/04/2027 06:07:08", "2027-04-05T06:07:08Z"],
  ["pt", "05/04/2027 06:07:08", "2027-04-05T06:07:08Z"],
  ["hk", "05-04-2027", "2027-04-05T00:00:00Z"],
  ["il", "05-04-2027", "2027-04-05T00:00:00Z"],
  ["uk", "05-Apr-2027", "2027-04-05T00:00:00Z"],
  ["sg", "05-Apr-2027 06:07:08", "2027-04-05T06:07:08Z"],
  ["id", "05-Apr-2027 06:07:08 UTC", "2027-04-05T06:07:08Z"],
  ["ie", "05-April-2027", "2027-04-05T00:00:00Z"],
  ["th", "05 Apr 2027", "2027-04-05T00:00:00Z"],
  ["ru", "2027.04.05", "2027-04-05T00:00:00Z"],
  ["pl", "2027.04.05 06:07:08", "2027-04-05T06:07:08Z"],
  ["kr", "2027. 04. 05.", "2027-04-05T00:00:00Z"],
  ["ca", "2027/04/05", "2027-04-05T00:00:00Z"],
  ["jp", "2027/04/05 06:07:08 (JST)", "2027-04-04T21:07:08Z"],
  ["tr", "2027-Apr-05.", "2027-04-05T00:00:00Z"],
  ["edu", "Mon Apr  5 2027", "2027-04-05T00:00:00Z"],
  ["edu", "Mon Apr  5 06:07:08 GMT 2027", "2027-04-05T06:07:08Z"],
  ["edu", "Mon, 05 Apr 2027 06:07:08 GMT", "2027-04-05T06:07:08Z"],
  ["edu", "Monday, 05-Apr-27 06:07:08 GMT", "2027-04-05T06:07:08Z"],
  ["edu", "05 Apr 27 06:07 GMT", "2027-04-05T06:07:00Z"],
  ["uk", "before Aug-1996", "1996-08-01T00:00:00Z"],
];

for (const [topLevel, written, expected] of DATES) {
  void test(`.${topLevel} writes ${JSON.stringify(written)} for ${expected}`, () => {
    assert.equal(readDate(written, { topLevel }), Date.parse(expected) / 1000);
  });
}

/** What must not be read: `new Date(text)` reads many of these, and wrongly. */
const UNREADABLE: readonly (readonly [topLevel: string, written: string, why: string])[] = [
  ["com", "02.01.2027", "nobody said whether the day or the month comes first"],
  ["us", "02/01/2027", "nobody said whether the day or the month comes first"],
  ["com", "02-01-2027", "nobody said whether the day or the month comes first"],
  ["cz", "31.04.2027", "April has 30 days"],
  ["com", "2027-02-29", "2027 is no leap year"],
  ["com", "2027-13-01", "there is no thirteenth month"],
  ["com", "2027-04-05 06:07:08 CST", "the abbreviation has several meanings"],
  ["com", "2027-04-05 and some more", "something follows the date"],
  ["com", "Foo 5 2027", "there is no such month"],
  ["com", "", "there is nothing"],
  ["com", `2027-04-05${" ".repeat(100)}x`, "it is too long"],
];

for (const [topLevel, written, why] of UNREADABLE) {
  void test(`.${topLevel} ${JSON.stringify(written)} is no date, for ${why}`, () => {
    assert.equal(readDate(written, { topLevel }), undefined);
  });
}
