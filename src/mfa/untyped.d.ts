/** The parts of untyped packages that are used here. */

declare module '@duosecurity/duo_api/lib/duo_sig.js' {
  const signer: {
    /** Duo's v5 signature: covers the query of a GET and the very bytes of a body. */
    signV5(
      integrationKey: string,
      secretKey: string,
      method: string,
      host: string,
      path: string,
      params: Readonly<Record<string, string>>,
      date: string,
      body: string,
    ): string;
  };
  export default signer;
}

declare module '@duosecurity/duo_api/lib/constants.js' {
  const constants: { readonly DUO_PINNED_CERT: string };
  export default constants;
}

declare module 'qrcode' {
  const qrcode: {
    toString(
      text: string,
      options: { readonly type: 'svg'; readonly errorCorrectionLevel: 'M'; readonly margin: number },
    ): Promise<string>;
  };
  export default qrcode;
}
